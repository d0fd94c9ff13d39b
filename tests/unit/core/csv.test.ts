import { globSync, readFileSync } from 'node:fs'
import { parse } from 'csv-parse/sync'
import { describe, expect, test } from 'vitest'
import { csvCell } from '#lib/core/csv.ts'

describe('a cell of a CSV file', () => {
  test.each(['=1+1', '+1', '-1', '@sum', '\t=1', '\r=1', '\n=1'])(
    'text that a spreadsheet would run as a formula gets an apostrophe: %j',
    (text) => expect(parse(csvCell(text), { relax_quotes: false })).toEqual([[`'${text}`]]),
  )

  test.each(['plain', 'a,b', 'say "so"', 'two\nlines', 'two\r\nlines', ' =1', 'a=1', '😀,'])(
    'other text is unchanged after parsing: %j',
    (text) => expect(parse(csvCell(text))).toEqual([[text]]),
  )

  test('numbers and booleans are not quoted, null is an empty cell', () => {
    expect([-1.5, 0, true, null].map(csvCell)).toEqual(['-1.5', '0', 'true', ''])
  })

  test('only lib/core/csv.ts escapes cells', () => {
    const files = globSync('{app,components,lib}/**/*.{ts,tsx}')
    const escaping = files.filter((file) => readFileSync(file, 'utf8').includes(`replaceAll('"', '""')`))
    expect(escaping).toEqual(['lib/core/csv.ts'])
  })
})
