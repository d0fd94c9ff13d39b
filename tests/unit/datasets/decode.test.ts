import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openHead, openText } from '#lib/datasets/decode.ts'
import { type Encoding, encodingOf } from '#lib/training-data/formats/encoding.ts'
import { fileKindOf, isBlankText } from '#lib/training-data/formats/file-kind.ts'
import { encoded } from '../../support/encoded.ts'

const utf16be = (text: string) => Buffer.from(text, 'utf16le').swap16()
const utf32 = (text: string, isLittle: boolean) => {
  const codes = Array.from(text, (character) => character.codePointAt(0) ?? 0)
  const bytes = Buffer.alloc(codes.length * 4)
  for (const [at, code] of codes.entries())
    isLittle ? bytes.writeUInt32LE(code, at * 4) : bytes.writeUInt32BE(code, at * 4)
  return bytes
}
const windows1256 = (text: string) => encoded(text, 'windows-1256')

async function* inPieces(bytes: Uint8Array, size: number) {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

const opened = async (bytes: Uint8Array, encoding?: Encoding, size = 3) =>
  Buffer.concat(await Array.fromAsync(openText(inPieces(bytes, size), { encoding })))
const unpacked = async (bytes: Uint8Array, encoding?: Encoding, size = 3) =>
  Buffer.concat(await Array.fromAsync(openText(inPieces(bytes, size), { packed: 'gzip', encoding })))

describe('the encoding of a text', () => {
  it.each<[string, Uint8Array, Encoding, boolean]>([
    ['UTF-8', Buffer.from('café'), 'utf-8', true],
    ['UTF-8 cut within a character', Buffer.from('café').subarray(0, -1), 'utf-8', true],
    [
      'UTF-8 with a broken byte',
      Buffer.concat([Buffer.from('éàü'), Buffer.of(0xe9), Buffer.from(' x')]),
      'utf-8',
      true,
    ],
    ['UTF-16 with a byte order mark', Buffer.from('\ufeffسؤال', 'utf16le'), 'utf-16le', true],
    ['UTF-16 without a mark', Buffer.from('سؤال;جواب\r\nما هو؟;غاز\r\n', 'utf16le'), 'utf-16le', true],
    ['big-endian UTF-16', utf16be('{"messages": []}'), 'utf-16be', true],
    ['Arabic in Windows-1256', windows1256('ما هو الذهب؟;معدن أصفر'), 'windows-1256', true],
    ['two letters of Arabic', windows1256('لا'), 'windows-1252', false],
    [
      'French in Windows-1252',
      Buffer.from('o\xf9 est le caf\xe9 d\x92\xc9va ?', 'latin1'),
      'windows-1252',
      true,
    ],
    ['German in Windows-1252', Buffer.from('sch\xf6n gr\xfc\xdfen', 'latin1'), 'windows-1252', true],
    ['French in a DOS code page', Buffer.from('caf\x82', 'latin1'), 'windows-1252', false],
    [
      'UTF-16 with few ASCII characters',
      Buffer.from('问题,答案\r\n水是什么,一种液体\r\n', 'utf16le'),
      'utf-16le',
      true,
    ],
    ['UTF-32 with a byte order mark', utf32('\ufeff{"a": "é"}', true), 'utf-32le', true],
    ['big-endian UTF-32', utf32('\ufeff{"a": "é"}', false), 'utf-32be', true],
    ['UTF-32 without a mark', utf32('{"a": "é"}', true), 'utf-32le', true],
  ])('detected: %s', (_, bytes, encoding, certain) => {
    expect(encodingOf(bytes)).toEqual({ encoding, certain })
  })

  it.each<[string, Encoding, string]>([
    ['Portuguese', 'windows-1252', 'O que é a nação? É a união: não há outra.'],
    ['Icelandic', 'windows-1252', 'Hvað heitir þetta? ÞÆÖ ÍÉÁ ÓÚÝ er ekki orð.'],
    ['Polish', 'windows-1250', 'Woda to ciecz, która płynie. Źdźbło, żółć, gęśl.'],
    ['Czech', 'windows-1250', 'Příliš žluťoučký kůň úpěl ďábelské ódy.'],
    ['Turkish', 'windows-1254', 'Su şeffaf bir sıvıdır, çağlayan ığdır.'],
    ['German of a Mac', 'macintosh', 'Die Größe fällt über Äpfel, schöne Bäume und Öl.'],
    ['Russian of Windows', 'windows-1251', 'Что такое вода? Это прозрачная жидкость.'],
    ['Russian of Unix', 'koi8-r', 'Что такое вода? Это прозрачная жидкость.'],
    ['Greek', 'windows-1253', 'Τι είναι το νερό; Το νερό είναι υγρό στοιχείο.'],
    ['Hebrew', 'windows-1255', 'מה זה מים? מים הם נוזל שקוף וחסר טעם לגמרי.'],
    ['simplified Chinese', 'gb18030', '水是什么？水是一种透明的液体。'],
    ['traditional Chinese', 'big5', '水是什麼？水是一種透明的液體。'],
    ['Japanese of Windows', 'shift_jis', '水とは何ですか？水は透明な液体です。'],
    ['Japanese of Unix', 'euc-jp', '水とは何ですか？水は透明な液体です。'],
    ['Korean', 'euc-kr', '물은 무엇입니까? 물은 투명한 액체입니다.'],
  ])('detected and decoded: %s', async (_, encoding, text) => {
    const bytes = encoded(`question,answer\n${text},x\n`, encoding)
    expect(encodingOf(bytes)).toEqual({ encoding, certain: true })
    expect((await opened(bytes, encoding, 1)).toString()).toContain(text)
  })

  it('uncertain where several encodings give words', () => {
    for (const text of ['Das sind ÄÖÜ, und ÄÖÜ, und ÄÖÜ.', 'WAS HEISST ÄÖÜ? ÄÖÜ SIND UMLAUTE. ÄÖÜ!'])
      expect(encodingOf(encoded(text, 'windows-1252'))).toEqual({ encoding: 'windows-1252', certain: false })
    // Code page 850 of DOS, which we do not decode.
    expect(
      encodingOf(Buffer.from('Gr\x94\xe1e f\x84llt \x81ber \x8epfel, Gr\x94\xe1e', 'latin1')).certain,
    ).toBe(false)
  })

  it('UTF-32 is converted to UTF-8, with invalid code points as 0xFF', async () => {
    const text = 'é سؤال 😀\r\n'
    for (const isLittle of [true, false])
      for (const size of [1, 3, 5]) {
        const bytes = utf32(`\ufeff${text}`, isLittle)
        expect((await opened(bytes, isLittle ? 'utf-32le' : 'utf-32be', size)).toString()).toBe(text)
      }
    const broken = Buffer.concat([utf32('a', true), Buffer.of(0, 0xd8, 0, 0), utf32('b', true), Buffer.of(1)])
    expect(await opened(broken, 'utf-32le')).toEqual(Buffer.of(0x61, 0xff, 0x62, 0xff))
  })

  it('any text is converted to UTF-8, whatever the size of the chunks', async () => {
    const size = fc.integer({ min: 1, max: 9 })
    await fc.assert(
      fc.asyncProperty(fc.string({ unit: 'binary' }), size, fc.boolean(), async (text, pieces, mark) => {
        const marked = (mark ? '\ufeff' : '') + text
        const expected = text.startsWith('\ufeff') && !mark ? text.slice(1) : text
        expect((await opened(Buffer.from(marked, 'utf16le'), 'utf-16le', pieces)).toString()).toBe(expected)
        expect((await opened(utf16be(marked), 'utf-16be', pieces)).toString()).toBe(expected)
      }),
    )
    expect((await opened(windows1256('لا\r\n'), 'windows-1256')).toString()).toBe('لا\r\n')
    expect((await opened(Buffer.of(0x93, 0xe9, 0x80), 'windows-1252')).toString()).toBe('“é€')
  })

  it('broken UTF-16 becomes 0xFF at the same place', async () => {
    const half = Buffer.from('a\ud83d\nb', 'utf16le')
    expect(await opened(half, 'utf-16le')).toEqual(Buffer.of(0x61, 0xff, 0x0a, 0x62))
    expect(await opened(Buffer.concat([half, Buffer.of(0x63)]), 'utf-16le')).toEqual(
      Buffer.of(0x61, 0xff, 0x0a, 0x62, 0xff),
    )
  })

  it('without a plan the bytes are unchanged', async () => {
    const bytes = Buffer.from('\ufeff{"a": "é"}', 'utf16le')
    expect(Buffer.concat(await Array.fromAsync(openText(inPieces(bytes, 3), null)))).toEqual(bytes)
  })
})

describe('a gzip file', () => {
  const text = Buffer.from('{"messages": []}\n'.repeat(10_000))

  it('is unpacked and decoded', async () => {
    expect(await unpacked(gzipSync(text), undefined, 100)).toEqual(text)
    expect((await unpacked(gzipSync(Buffer.from('\ufeffé', 'utf16le')), 'utf-16le', 5)).toString()).toBe('é')
  })

  it('cut off or damaged: an error that names gzip', async () => {
    const packed = gzipSync(text)
    await expect(unpacked(packed.subarray(0, packed.length / 2))).rejects.toMatchObject({ code: 'invalid' })
    await expect(unpacked(Buffer.concat([packed.subarray(0, 20), text]))).rejects.toThrow('gzip')
  })

  it('of more than 512 MB: refused before it is fully unpacked', async () => {
    const bomb = gzipSync(Buffer.alloc(64 * 2 ** 20))
    const packed = inPieces(Buffer.concat(Array(9).fill(bomb)), 2 ** 16)
    let bytes = 0
    const reading = async () => {
      for await (const chunk of openText(packed, { packed: 'gzip' })) bytes += chunk.length
    }
    await expect(reading()).rejects.toMatchObject({
      code: 'too_large',
      message: expect.stringContaining('Unpacked'),
    })
    expect(bytes).toBeLessThanOrEqual(512 * 2 ** 20)
  }, 60_000)

  it('openHead unpacks the beginning, also of a cut file', async () => {
    const head = await openHead(gzipSync(text).subarray(0, -8), 1_000)
    expect(head).toMatchObject({ packed: true, cut: true, encoding: 'utf-8' })
    expect(text.subarray(0, head.bytes.length)).toEqual(Buffer.from(head.bytes))
    await expect(openHead(gzipSync(Buffer.from('%PDF-1.7')), 1_000)).rejects.toThrow('holds no text')
  })
})

describe('the kind of a file', () => {
  const ascii = (text: string) => Buffer.from(text, 'latin1')
  it.each([
    [ascii('PK\x03\x04\x14\0\x06\0[Content_Types].xml'), 'xlsx'],
    [ascii('PK\x03\x04\x14\0data.jsonl'), 'zip'],
    [ascii('PAR1'), 'parquet'],
    [ascii('ARROW1\0\0'), 'arrow'],
    [ascii('SQLite format 3\0'), 'sqlite'],
    [ascii('%PDF-1.7\n'), 'pdf'],
    [ascii('version https://git-lfs.github.com/spec/v1\n'), 'lfs'],
    [ascii(' \n<!DOCTYPE html><html>'), 'html'],
    [Buffer.concat([Buffer.alloc(257, 'x'), ascii('ustar')]), 'archive'],
    [Buffer.of(0x80, 4, 0x95, 1, 2, 3, 4, 5, 6, 7, 8, 0, 1, 2), 'pickle'],
    [ascii('(lp0\n(dp1\nVmessages\np2\n'), 'pickle'],
    [ascii('PK\x03\x04\x14\0[Content_Types].xml word/document.xml'), 'document'],
    [ascii('{\\rtf1\\ansi'), 'document'],
    [ascii('PK\x03\x04\x14\0Index/Document.iwa'), 'numbers'],
    [ascii('PK\x03\x04\x14\0mimetypeapplication/vnd.oasis.opendocument.spreadsheet'), 'xlsx'],
    [ascii('PK\x03\x04\x14\0archive/data.pkl'), 'weights'],
    [ascii('\x48\0\0\0\0\0\0\0{"a":{"dtype":"F32"}}'), 'weights'],
    [ascii('GGUF\x03\0\0\0'), 'weights'],
    [ascii("\x93NUMPY\x01\0v\0{'descr': '<f8'}"), 'numpy'],
    [ascii('FEA1\0\0'), 'arrow'],
    [ascii('Obj\x01\x04'), 'avro'],
    [ascii('\x89PNG\r\n'), 'media'],
    [ascii('<?xml version="1.0"?>\n<rows/>'), 'xml'],
    [ascii('<rows>\n <row q="a"/></rows>'), 'xml'],
    [ascii('- question: What?\n  answer: That.\n'), 'yaml'],
    [ascii('[[rows]]\nq = "a"\n'), 'toml'],
    [ascii('{"cells": [{"cell_type": "code"}]}'), 'notebook'],
    [ascii('From: a@example.org\nTo: b@example.org\nSubject: Hi\n\nHello'), 'mail'],
    [ascii('1\n00:00:01,000 --> 00:00:02,000\nHello\n'), 'subtitles'],
    [Buffer.of(1, 2, 3, 4, 5, 6, 7, 8, 0, 1, 2, 3, 0, 0, 14, 15), 'binary'],
    [ascii('From: me\nUser: Hi\nAssistant: Hello'), null],
    [ascii('<bos><start_of_turn>user\nHi'), null],
    [ascii('["a list"]\n'), null],
    [Buffer.from('问题,答案\r\n水是什么,一种液体\r\n', 'utf16le'), null],
    [ascii('{"text": "a NUL \0 is no reason"}'), null],
    [Buffer.from('ما هو\r\n', 'utf16le'), null],
  ])('%#: %s', (bytes, kind) => expect(fileKindOf(bytes)).toBe(kind))
  it('blank with only spaces and line ends', () => {
    for (const text of ['\n\n   \n', '\ufeff', '\ufeff \r\n\t'])
      for (const bytes of [Buffer.from(text), Buffer.from(text, 'utf16le')])
        expect(isBlankText(bytes)).toBe(true)
    expect(isBlankText(Buffer.from('\n{}'))).toBe(false)
  })
})
