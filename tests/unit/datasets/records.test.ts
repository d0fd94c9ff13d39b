import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recordsIn } from '#lib/datasets/records.ts'
import { brief, inPieces, read, table } from '../../support/read-records.ts'

let folder = ''
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'limerick-records-'))
})
afterAll(() => rm(folder, { recursive: true }))

describe('JSONL', () => {
  it('splits on line feeds only and keeps the numbers of lines', async () => {
    const records = await read('\ufeff{"a": "\u2028"}\r\n\n \t\n{"b": "\r"}\n{"c": "x\r"}\n1', {
      mapping: { shape: 'lines' },
    })
    expect(brief(records)).toEqual([
      [1, { a: '\u2028' }],
      [4, { b: '\r' }],
      [5, { c: 'x\r' }],
      [6, 1],
    ])
  })

  it('tells what is wrong with a record', async () => {
    const deep = `${'['.repeat(65)}${']'.repeat(65)}`
    const records = await read(`{"a": 1, "a": 2}\n{"a": "\\ud800"}\n{"a": \n${deep}\n{}`, {})
    expect(brief(records)).toEqual([
      [1, 'duplicate-key'],
      [2, 'lone-surrogate'],
      [3, 'not-json'],
      [4, 'too-deep'],
      [5, {}],
    ])
  })

  it('reads each of several records on a line, with a doubt', async () => {
    const records = await read('{"a": 1}\ufeff{"b": 2}\n{"c": 3},\n{"d": 4} x\n', {})
    expect(brief(records)).toEqual([
      [1, { a: 1 }],
      [1, { b: 2 }],
      [2, { c: 3 }],
      [3, 'not-json'],
    ])
    expect(records).toMatchObject([
      { start: 0, end: 8, doubt: { values: { records: 2 } } },
      { start: 8 },
      { doubt: { values: { records: 1 } } },
      {},
    ])
  })

  it('tells bytes that are no UTF-8', async () => {
    expect(brief(await read(Uint8Array.of(0x22, 0xff, 0x22, 0x0a, 0x31), {}))).toEqual([
      [1, 'not-utf8'],
      [2, 1],
    ])
  })

  it('does not hold a line above 8 MB', async () => {
    const records = await read(`"${'x'.repeat(9 * 2 ** 20)}"\n{}`, {}, 2 ** 16)
    expect(brief(records)).toEqual([
      [1, 'too-big'],
      [2, {}],
    ])
  })
})

describe('a JSON list', () => {
  it('comes element by element, and goes on behind a broken one', async () => {
    const records = await read('\ufeff[\n{"a": 1},\n{"b" 2},\n{"c": "]"}]', { container: 'json' })
    expect(brief(records)).toEqual([
      [2, { a: 1 }],
      [3, 'not-json'],
      [4, { c: ']' }],
    ])
  })

  it.each([
    ['a quote', '{\n   "b": "x\n  }'],
    ['a bracket', '{\n   "b": [{"x": 1}\n  }'],
  ])('reads on behind a record that lacks %s and would swallow the rest', async (_, broken) => {
    const [first, third] = ['{\n   "a": 1\n  }', '{\n   "c": "]}"\n  }']
    const text = `[\n  ${first},\n  ${broken},\n  ${third},\n  ${third}\n]`
    for (const size of [1, 7, 1_000]) {
      const records = await read(text, { container: 'json' }, size)
      expect(brief(records)).toEqual([
        [2, { a: 1 }],
        [5, 'not-json'],
        [8, { c: ']}' }],
        [11, { c: ']}' }],
      ])
      const own = records.map(({ start, end }) => text.slice(start, end))
      expect([own[0], own[2], own[3]]).toEqual([first, third, third])
    }
  })

  it('reads on behind one that would swallow more than is held', async () => {
    const rows = Array.from({ length: 10 }, (_, at) => `{"a": "${String(at).repeat(2 ** 20)}"}`)
    const text = `[\n{"a": "\n},\n${rows.join(',\n')}]`
    const records = await read(text, { container: 'json' }, 2 ** 18)
    expect(records.map((record) => 'problem' in record)).toEqual([true, ...rows.map(() => false)])
  })

  it('reads what is nearly JSON, with a doubt', async () => {
    const records = await read(`[{'q': None},\n{"a": 1, },\ufeff{"b": "\t"}]`, { container: 'json' })
    expect(records).toMatchObject([
      { line: 1, value: { q: null }, doubt: { values: { origin: 'python' } } },
      { line: 2, value: { a: 1 }, doubt: { values: { origin: 'comma' } } },
      { line: 2, value: { b: '\t' }, doubt: { values: { origin: 'mark' } } },
    ])
  })

  it.each(['[{"a": 1}, {"b": ', '[{"a": 1},', '[{"a": 1}'])('tells that %s ends too early', async (text) => {
    expect(brief(await read(text, { container: 'json' }))).toEqual([
      [1, { a: 1 }],
      [1, 'unfinished'],
    ])
  })
})

describe('a file', () => {
  it.each(['json', 'jsonl', 'csv'] as const)(
    'of %s is read no further than its records are taken',
    async (container) => {
      const row = container === 'csv' ? `${'x'.repeat(1000)},y` : `{"q": "${'x'.repeat(1000)}", "a": "y"}`
      const size = 2 ** 16
      let read = 0
      async function* endless() {
        const head = { json: '[', jsonl: '', csv: 'q,a\n' }[container]
        const rows = new TextEncoder().encode(
          head + `${row}${container === 'json' ? ',' : ''}\n`.repeat(5_000),
        )
        for await (const chunk of inPieces(rows, size)) {
          read += chunk.length
          yield chunk
        }
      }
      let count = 0
      for await (const { end, line } of recordsIn(endless(), { container, mapping: table })) {
        expect(line).toBe(++count + (container === 'csv' ? 1 : 0))
        expect(read - end).toBeLessThanOrEqual(2 * size)
        if (count === 2_000) break
      }
      expect(count).toBe(2_000)
      expect(read).toBeLessThan(3_000_000)
    },
  )
})
