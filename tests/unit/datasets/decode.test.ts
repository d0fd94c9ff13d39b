import { gzipSync } from 'node:zlib'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openHead, openText } from '#lib/datasets/decode.ts'
import { type Encoding, encodingOf } from '#lib/examples/formats/encoding.ts'
import { fileKindOf } from '#lib/examples/formats/file-kind.ts'

const utf16be = (text: string) => Buffer.from(text, 'utf16le').swap16()
const windows1256 = (text: string) =>
  Buffer.from(
    Array.from(text, (sign) => (sign.charCodeAt(0) < 128 ? sign.charCodeAt(0) : (ARABIC.get(sign) ?? 0x3f))),
  )
const decoder = new TextDecoder('windows-1256')
const ARABIC = new Map(
  Array.from({ length: 128 }, (_, at) => [decoder.decode(Uint8Array.of(at + 128)), at + 128]),
)

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
    ['UTF-8 that is cut in a character', Buffer.from('café').subarray(0, -1), 'utf-8', true],
    [
      'UTF-8 with a broken byte',
      Buffer.concat([Buffer.from('éàü'), Buffer.of(0xe9), Buffer.from(' x')]),
      'utf-8',
      true,
    ],
    ['UTF-16 with its mark', Buffer.from('\ufeffسؤال', 'utf16le'), 'utf-16le', true],
    ['UTF-16 without', Buffer.from('سؤال;جواب\r\nما هو؟;غاز\r\n', 'utf16le'), 'utf-16le', true],
    ['UTF-16 of the other order', utf16be('{"messages": []}'), 'utf-16be', true],
    ['Arabic of Windows', windows1256('ما هو الذهب؟;معدن أصفر'), 'windows-1256', true],
    ['two letters of Arabic', windows1256('لا'), 'windows-1252', false],
    ['French of Windows', Buffer.from('o\xf9 est le caf\xe9 d\x92\xc9va ?', 'latin1'), 'windows-1252', true],
    ['German of Windows', Buffer.from('sch\xf6n gr\xfc\xdfen', 'latin1'), 'windows-1252', true],
    ['French of DOS', Buffer.from('caf\x82', 'latin1'), 'windows-1252', false],
  ])('%s is told', (_, bytes, encoding, certain) => {
    expect(encodingOf(bytes)).toEqual({ encoding, certain })
  })

  it('is left behind: every text comes out as UTF-8, however the bytes arrive', async () => {
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

  it('that is broken stays so, where it is', async () => {
    const half = Buffer.from('a\ud83d\nb', 'utf16le')
    expect(await opened(half, 'utf-16le')).toEqual(Buffer.of(0x61, 0xff, 0x0a, 0x62))
    expect(await opened(Buffer.concat([half, Buffer.of(0x63)]), 'utf-16le')).toEqual(
      Buffer.of(0x61, 0xff, 0x0a, 0x62, 0xff),
    )
  })

  it('is left as it is without a plan', async () => {
    const bytes = Buffer.from('\ufeff{"a": "é"}', 'utf16le')
    expect(Buffer.concat(await Array.fromAsync(openText(inPieces(bytes, 3), null)))).toEqual(bytes)
  })
})

describe('a gzip file', () => {
  const text = Buffer.from('{"messages": []}\n'.repeat(10_000))

  it('is unpacked, and decoded', async () => {
    expect(await unpacked(gzipSync(text), undefined, 100)).toEqual(text)
    expect((await unpacked(gzipSync(Buffer.from('\ufeffé', 'utf16le')), 'utf-16le', 5)).toString()).toBe('é')
  })

  it('that is cut or damaged is refused in words', async () => {
    const packed = gzipSync(text)
    await expect(unpacked(packed.subarray(0, packed.length / 2))).rejects.toMatchObject({ code: 'invalid' })
    await expect(unpacked(Buffer.concat([packed.subarray(0, 20), text]))).rejects.toThrow('gzip')
  })

  it('of more than 512 MB is refused before all of it is there', async () => {
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

  it('shows its beginning, also when it is only a beginning itself', async () => {
    const head = await openHead(gzipSync(text).subarray(0, -8), 1_000)
    expect(head).toMatchObject({ packed: true, cut: true, encoding: 'utf-8' })
    expect(text.subarray(0, head.bytes.length)).toEqual(Buffer.from(head.bytes))
    await expect(openHead(gzipSync(Buffer.from('%PDF-1.7')), 1_000)).rejects.toThrow('holds no text')
  })
})

describe('a file that is no text', () => {
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
    [Buffer.of(0x80, 4, 0x95, 1, 2, 3, 4, 5, 6, 7, 8, 0, 1, 2), 'binary'],
    [ascii('{"text": "a NUL \0 is no reason"}'), null],
    [Buffer.from('ما هو\r\n', 'utf16le'), null],
  ])('%# is named %s', (bytes, kind) => expect(fileKindOf(bytes)).toBe(kind))
})
