import { globSync, readFileSync } from 'node:fs'
import { parse } from 'csv-parse/sync'
import { describe, expect, test } from 'vitest'
import { csvCell } from '#lib/core/csv.ts'

describe('a cell of a CSV file', () => {
  test.each(['=1+1', '+1', '-1', '@sum', '\t=1', '\r=1', '\n=1'])(
    'text that a spreadsheet would run is kept text: %j',
    (text) => expect(parse(csvCell(text), { relax_quotes: false })).toEqual([[`'${text}`]]),
  )

  test.each(['plain', 'a,b', 'say "so"', 'two\nlines', 'two\r\nlines', ' =1', 'a=1', '😀,'])(
    'other text is read back as it was: %j',
    (text) => expect(parse(csvCell(text))).toEqual([[text]]),
  )

  test('numbers stay numbers, and nothing is nothing', () => {
    expect([-1.5, 0, true, null].map(csvCell)).toEqual(['-1.5', '0', 'true', ''])
  })

  test('there is one that writes them', () => {
    const files = globSync('{app,components,lib}/**/*.{ts,tsx}')
    const escaping = files.filter((file) => readFileSync(file, 'utf8').includes(`replaceAll('"', '""')`))
    expect(escaping).toEqual(['lib/core/csv.ts'])
  })
})
