import { describe, expect, it } from 'vitest'
import { type CheckOptions, validateLines } from '#lib/training-data/validate.ts'
import { bytesOf, good, place } from '../../support/check-lines.ts'

const ten = Array.from({ length: 10 }, (_, n) => good(n))
const check = (text: string, options?: CheckOptions) => validateLines(bytesOf(text), options)
const places = (text: string, options?: CheckOptions) => check(text, options).issues.map(place)

describe('a file', () => {
  it('of ten examples is ready, with or without a last line break', () => {
    expect(check(ten.join('\n'))).toMatchObject({ issues: [], rows: 10, lines: 10, errors: 0 })
    expect(check(`${ten.join('\n')}\n`)).toMatchObject({ issues: [], rows: 10, lines: 10 })
  })

  it('needs ten examples, unless told otherwise', () => {
    expect(places(ten.slice(5).join('\n'))).toEqual(['1:1 error too-few-rows'])
    expect(places(ten.slice(5).join('\n'), { minimumRows: 1 })).toEqual([])
  })

  it('tells of blank lines, CRLF and the byte order mark, and counts physical lines', () => {
    const text = `\ufeff${ten[0]}\r\n\r\n  \n${ten.slice(1).join('\n')}\nnull`
    const { issues, rows, lines } = check(text)
    expect(issues.map(place)).toEqual([
      '1:1 warning bom',
      '1:1 warning crlf',
      '2:1 warning blank-line',
      '3:1 warning blank-line',
      '13:1 error not-object',
    ])
    expect({ rows, lines }).toEqual({ rows: 11, lines: 13 })
    expect(issues.at(-1)).toMatchObject({ row: 11, values: { kind: 'null' } })
  })

  it('tells a record broken over lines once, and goes on after it', () => {
    const pretty = JSON.stringify(JSON.parse(good(99)), null, 2)
    const text = `${ten.join('\n')}\n${pretty}\n{"messages": 1}\n`
    const count = pretty.split('\n').length
    const { issues, rows } = check(text)
    expect(issues.map(place)).toEqual(['11:1 error multi-line-json', `${11 + count}:14 error no-messages`])
    expect(issues[0]?.values).toEqual({ lines: count, last: 10 + count })
    expect(rows).toBe(12)
  })

  it('sees a raw line break inside a string for what it is', () => {
    const text = `${ten.join('\n')}\n${good(11).replace('"a11"', '"a\nb"')}`
    expect(places(text)).toEqual(['11:1 error multi-line-json'])
  })

  it('judges line by line when an open bracket is never closed', () => {
    const open = '{"messages": [{"role": "user"'
    const { issues, rows } = check(`${open}\n${ten.join('\n')}`)
    expect(issues.map(place)).toEqual([`1:${open.length + 1} error bad-json`])
    expect(rows).toBe(11)
  })

  it('stays linear when every line is left open', () => {
    const { errors, rows } = check('{"a":[\n'.repeat(20_000))
    expect({ errors, rows }).toEqual({ errors: 20_000, rows: 20_000 })
  })

  it('keeps two hundred problems of a rule and counts the rest', () => {
    const report = check('[]\n'.repeat(1_500))
    expect(report.issues.filter(({ rule }) => rule === 'not-object')).toHaveLength(200)
    expect(report.byRule).toEqual({ 'not-object': 1_500, duplicate: 1_499 })
    expect([report.errors, report.warnings]).toEqual([1_500, 1_499])
  })

  it('warns of an example that comes twice', () => {
    expect(places(`${ten.join('\n')}\n ${ten[3]} \n`)).toEqual(['11:1 warning duplicate'])
  })

  it('is refused when nothing in it is trained on', () => {
    const silent = ten.map((line) => line.replace(/("a\d")/, '$1, "weight": 0'))
    expect(check(silent.join('\n')).byRule).toEqual({ 'no-trained-assistant': 11 })
    expect(check(silent.join('\n')).errors).toBe(1)
  })

  it('keeps U+2028 and odd numbers as data', () => {
    const odd = good(20).replace('"a20"', '"a\u2028b"')
    expect(check([...ten, odd].join('\n'), { quality: false }).issues).toEqual([])
  })
})
