import { describe, expect, it } from 'vitest'
import { lineSpans, textLines } from '#lib/training-data/jsonl.ts'

const bytesOf = (text: string) => new TextEncoder().encode(text)
const texts = (bytes: Uint8Array) => Array.from(textLines(bytes), ({ text }) => text)

describe('physical lines', () => {
  it('split on LF only', () => {
    expect(texts(bytesOf('a\u2028b\u2029c\u0085d\re\nf'))).toEqual(['a\u2028b\u2029c\u0085d\re', 'f'])
  })

  it('lose one CR before the LF, and a byte order mark at byte 0', () => {
    const lines = [...textLines(bytesOf('\ufeffa\r\r\n\ufeffb\r'))]
    expect(lines.map(({ text, bom, crlf }) => ({ text, bom, crlf }))).toEqual([
      { text: 'a\r', bom: true, crlf: true },
      { text: '\ufeffb\r', bom: false, crlf: false },
    ])
  })

  it.each(['', '\n', 'a', 'a\n', '\n\na\n\n', '\ufeff', '\ufeff\r\n', 'é\r\n😀'])(
    'covers every byte of %j',
    (text) => {
      const bytes = bytesOf(text)
      const joined = Array.from(lineSpans(bytes), ({ start, end }) => [...bytes.subarray(start, end)]).flat()
      expect(joined).toEqual([...bytes])
    },
  )

  it.each([
    ['cut in a character', [0x61, 0xc3, 0xa9, 0xe2, 0x82], { column: 3, byte: 3 }],
    ['a byte that starts nothing', [0x61, 0xff, 0x62], { column: 2, byte: 1 }],
    ['an overlong form', [0xc0, 0xaf], { column: 1, byte: 0 }],
    ['a surrogate in UTF-8', [0x61, 0xed, 0xa0, 0x80], { column: 2, byte: 1 }],
    ['UTF-16', [0xff, 0xfe, 0x7b, 0x00], { column: 1, byte: 0 }],
  ])('says where UTF-8 ends: %s', (_, bytes, broken) => {
    const [line] = textLines(Uint8Array.from(bytes))
    expect(line).toMatchObject({ text: null, broken })
  })
})
