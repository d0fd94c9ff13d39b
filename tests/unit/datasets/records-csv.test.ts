import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { brief, read } from '../../support/read-records.ts'

describe('CSV', () => {
  const csv = { container: 'csv' } as const

  it('has quotes, breaks and blank lines, and knows its lines', async () => {
    const records = await read('\ufeff"q",a\r\n"x ""y""\r\n\rz",1\r\n\r\n\nb,"2\n\n3"\r\n,\r\n', csv)
    expect(brief(records)).toEqual([
      [2, { q: 'x "y"\r\n\rz', a: '1' }],
      [6, { q: 'b', a: '2\n\n3' }],
      [9, { q: '', a: '' }],
    ])
  })

  it('knows where its records stand', async () => {
    const text = '\ufeffq;a\n"é\n";1\nx;2'
    const bytes = new TextEncoder().encode(text)
    const records = await read(text, { ...csv, delimiter: ';' })
    expect(records.map(({ start, end }) => new TextDecoder().decode(bytes.subarray(start, end)))).toEqual([
      '"é\n";1\n',
      'x;2',
    ])
  })

  it('refuses a row with other cells and goes on', async () => {
    const records = await read('q,a\n1\n1,2,3\n4,5\n', csv)
    expect(records).toMatchObject([
      { line: 2, problem: 'csv-cells', values: { cells: 1, columns: 2 } },
      { line: 3, problem: 'csv-cells', values: { cells: 3, columns: 2 } },
      { line: 4, value: { q: '4', a: '5' } },
    ])
  })

  const [one, five] = [
    { q: '1', a: '2' },
    { q: '4', a: '5' },
  ]

  it.each<[string, unknown[]]>([
    [
      'q,a\n1,2\nx "y" z,3\n4,5',
      [
        [2, one],
        [3, 'csv-quote'],
        [4, five],
      ],
    ],
    [
      'q,a\n1,2\n"y" z,3\n4,5',
      [
        [2, one],
        [3, 'csv-quote'],
        [4, five],
      ],
    ],
    [
      'q,a\n1,2\n"y,3\n4,5',
      [
        [2, one],
        [3, 'csv-unclosed'],
        [4, five],
      ],
    ],
    [
      'q,a\n"y,3\n4,5\n1,"2"\n',
      [
        [2, 'csv-quote'],
        [3, five],
        [4, one],
      ],
    ],
    // The quotes do hold a cell of several lines: none of them is a record.
    [
      'q,a\n1,2\n3,"so\nand, so, on"x\n4,5',
      [
        [2, one],
        [3, 'csv-quote'],
        [5, five],
      ],
    ],
    [
      'q,a\n1,2\n3,"it was cut\nin the middle',
      [
        [2, one],
        [3, 'csv-unclosed'],
      ],
    ],
  ])('goes on behind the broken record of %j', async (text, found) => {
    expect(brief(await read(text, csv))).toEqual(found)
  })

  it('reads what no record stops, in time proportional to the text', async () => {
    const lines = 'x,"a""\n'.repeat(20_000)
    const records = await read(`q,a\n${lines}${'4,5\n'.repeat(20_000)}`, csv, 2 ** 16)
    expect(records.filter((record) => 'value' in record)).toHaveLength(20_000)
  })

  it('obeys a line that names the delimiter, and does not count it as a heading', async () => {
    const records = await read('\ufeffsep=;\r\nq;a\r\n1;2\r\n', { ...csv, delimiter: ';' })
    expect(brief(records)).toEqual([[3, one]])
  })

  it('takes CR as the end of lines where no LF is', async () => {
    expect(brief(await read('q,a\r1,2\r\r"x\ry",z\r4,5', csv))).toEqual([
      [2, one],
      [4, { q: 'x\ny', a: 'z' }],
      [6, five],
    ])
  })

  it('reads quotes of a table from a spreadsheet as text where they close nothing', async () => {
    const text = 'q\ta\n"Hello" she said\t3" pipe\n"a ""b"""\t"x\ny"\n"open\t1\n2\tend"\n'
    expect(brief(await read(text, { ...csv, delimiter: '\t' }))).toEqual([
      [2, { q: '"Hello" she said', a: '3" pipe' }],
      [3, { q: 'a "b"', a: 'x\ny' }],
      [5, { q: '"open', a: '1' }],
      [6, { q: '2', a: 'end"' }],
    ])
  })

  it('doubts a cell whose lines all look like records', async () => {
    const records = await read('q,a\n1,"2\n3,4\n5,6\n7,8"\n"a\nb","c, d\ne"\n', csv)
    expect(records).toMatchObject([
      { line: 2, doubt: { problem: 'csv-swallowed', values: { lines: 3 } } },
      { line: 6, value: { q: 'a\nb', a: 'c, d\ne' } },
    ])
    expect(records[1]).not.toHaveProperty('doubt')
  })

  it('refuses a second heading, and reads nothing under a broken one', async () => {
    expect(brief(await read('q,a\n1,2\nq,a\n4,5', csv))).toEqual([
      [2, one],
      [3, 'csv-heading'],
      [4, five],
    ])
    expect(await read('q "x",a\n1,2\n\n4,5', csv)).toMatchObject([
      { line: 1, problem: 'csv-quote' },
      { line: 2, problem: 'unread', values: { lines: 2 } },
    ])
  })

  it('reads what another parser reads', async () => {
    const sign = fc.constantFrom('a', '"', ',', '\n', ' ', '\r')
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: sign, minLength: 1 }), async (body) => {
        const text = `q,a\n${body}\n`
        let rows: string[][]
        try {
          rows = parse(text, { record_delimiter: ['\r\n', '\n'], skip_empty_lines: true })
        } catch {
          return
        }
        const [, ...others] = rows
        const expected = others.filter((cells) => cells.length === 2 && cells.join() !== 'q,a')
        const records = await read(text, csv)
        expect(
          records.flatMap((record) => ('value' in record ? [Object.values(record.value as object)] : [])),
        ).toEqual(expected)
      }),
    )
  })

  it('refuses what is no UTF-8, and a header of it', async () => {
    const latin = Buffer.from('q,a\ncaf\xe9,1\nx,2\n', 'latin1')
    expect(brief(await read(latin, csv))).toEqual([
      [2, 'not-utf8'],
      [3, { q: 'x', a: '2' }],
    ])
    expect(brief(await read(Buffer.from('\ufeffq,a\nx,2\n', 'utf16le'), csv))).toEqual([
      [1, 'not-utf8'],
      [2, 'unread'],
    ])
  })

  it('refuses a record above 8 MB', async () => {
    const long = 'x'.repeat(5 * 2 ** 20)
    expect(brief(await read(`q,a\n1,2\n${long},${long}\n`, csv, 2 ** 18))).toEqual([
      [2, { q: '1', a: '2' }],
      [3, 'too-big'],
    ])
    expect(brief(await read(`q,a\n1,2\n${','.repeat(9 * 2 ** 20)}\n`, csv, 2 ** 18))).toEqual([
      [2, { q: '1', a: '2' }],
      [3, 'too-big'],
    ])
  })

  it('gives back what was written, however the bytes arrive', async () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '\r', ' ', 'é', '😀', ';') })
    const rows = fc.array(fc.tuple(cell, cell), { minLength: 1 })
    const quote = (text: string) => `"${text.replaceAll('"', '""')}"`
    await fc.assert(
      fc.asyncProperty(
        rows,
        fc.integer({ min: 1, max: 30 }),
        fc.constantFrom('\n', '\r\n'),
        async (cells, size, end) => {
          const text = [['q', 'a'], ...cells].map((row) => row.map(quote).join(',') + end).join('')
          const records = await read(text, csv, size)
          expect(records.map((record) => 'value' in record && record.value)).toEqual(
            cells.map(([q, a]) => ({ q, a })),
          )
          let line = 1 + end.split('\n').length - 1
          for (const [index, row] of cells.entries()) {
            expect(records[index]?.line).toBe(line)
            line += row.join('').split('\n').length
          }
        },
      ),
    )
  })
})
