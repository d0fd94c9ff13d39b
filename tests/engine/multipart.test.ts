import { readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { receiveFile } from '#lib/engine/multipart.ts'
import { newFolder } from '#tests/support/engine.ts'

const type = 'multipart/form-data; boundary=XyZ'

let folder: string
beforeAll(async () => {
  folder = await newFolder()
})
afterAll(() => rm(folder, { recursive: true }))

async function* chunked(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

const body = (...sections: [header: string, value: string][]): string =>
  `${sections.map(([header, value]) => `--XyZ\r\nContent-Disposition: form-data; ${header}\r\n\r\n${value}\r\n`).join('')}--XyZ--\r\n`

let count = 0
async function receive(text: string, size: number, contentType = type) {
  const file = path.join(folder, String(count++))
  const { bytes, ...upload } = await receiveFile(chunked(text, size), contentType, file)
  const content = await readFile(file, 'utf8')
  expect(bytes).toBe(Buffer.byteLength(content))
  return { ...upload, content }
}

const tricky = 'line\r\n--Xyznot the end, because this is data:\r\n--Xy\r\n-\r\n\r\n'
const purpose: [string, string] = ['name="purpose"', 'fine-tune']
const upload = body(purpose, ['name="file"; filename="a %22b%22.jsonl"', tricky])

describe('uploads', () => {
  test.each([1, 2, 3, 7, 64, 100_000])('come out the same in chunks of %i bytes', async (size) => {
    const expected = { purpose: 'fine-tune', filename: 'a "b".jsonl', content: tricky }
    expect(await receive(upload, size)).toEqual(expected)
  })

  test.each([
    ['name=file; filename=a.jsonl', 'a.jsonl'],
    [`name=file; filename=a.jsonl; filename*=utf-8''a.jsonl`, 'a.jsonl'],
    [`name="file"; filename*=UTF-8''%C3%A9l%22e.jsonl`, 'él"e.jsonl'],
    [`name="file"; filename="plain.jsonl"; filename*=UTF-8''%E0%A4%A`, 'plain.jsonl'],
    [`name="file"; filename="plain.jsonl"; filename*=latin1''%E9`, 'plain.jsonl'],
    ['name="file"; filename="a\\"b.jsonl"', 'a"b.jsonl'],
    ['name="file"; filename="é.jsonl"', 'é.jsonl'],
    ['name="file"; filename="C:\\data\\a.jsonl"', 'a.jsonl'],
    ['name="file"; filename="../../a%0D%0A.jsonl"', 'a.jsonl'],
    ['name="file"; filename=""', 'file'],
    ['filename="a;name=x.jsonl"; name="file"', 'a;name=x.jsonl'],
  ])('are named by %s', async (header, filename) => {
    expect(await receive(body([header, 'x']), 7)).toEqual({ filename, purpose: undefined, content: 'x' })
  })

  test('may have a quoted boundary, text before it, further headers and fields, and empty values', async () => {
    const text = `preamble\r\n--XyZ\r\nContent-Type: text/plain\r\ncontent-disposition: form-data; name="file"; filename=x\r\n\r\n\r\n${body(
      ['name="comment"', 'c'.repeat(300)],
      ['filename=nameless', ''],
      ['name="purpose"', ''],
    )}and after it`
    const quoted = 'multipart/form-data; charset=utf-8; boundary="XyZ"'
    expect(await receive(text, 5, quoted)).toEqual({ filename: 'x', purpose: '', content: '' })
  })

  test('whose last part has no name come to an end too', async () => {
    const nameless = `X: y\r\n\r\n${'y'.repeat(70_000)}\r\n--XyZ--${'z'.repeat(70_000)}`
    for (const size of [1_000, 65_536])
      expect(await receive(`${upload.slice(0, -4)}\r\n${nameless}`, size)).toMatchObject({ content: tricky })
  })

  test.each([1, 16, 100_000])('that end too early are refused, in chunks of %i bytes', async (size) => {
    for (let length = 0; length < upload.length - 4; length += 5)
      await expect(receive(upload.slice(0, length), size)).rejects.toThrow('ends before its last boundary')
  })

  test.each([
    'application/json',
    'application/x-www-form-urlencoded',
    'multipart/form-data',
    '',
    'text/plain; boundary=XyZ',
  ])('of the type "%s" are refused', async (contentType) => {
    await expect(receive(upload, 16, contentType)).rejects.toThrow('must be multipart/form-data')
  })

  const file: [string, string] = ['name="file"; filename="a.jsonl"', 'x'.repeat(5_000)]
  const fields = (length: number) => Array.from({ length }, (): [string, string] => ['name="x"', 'y'])
  test.each<[string, [string, string][]]>([
    ['more than 64 parts', [file, ...fields(64)]],
    ["'file': it was sent twice", [file, purpose, file]],
    ["'purpose': it was sent twice", [file, purpose, purpose]],
    ['more than 100 bytes', [file, ['name="purpose"', 'p'.repeat(101)]]],
    ["parameter: 'expires_after'", [file, ['name="expires_after[seconds]"', '9']]],
    ["parameter: 'file'", [purpose, ['name="file"', 'not a file']]],
  ])('are refused for %s', async (words, sections) => {
    for (const size of [64, 100_000]) await expect(receive(body(...sections), size)).rejects.toThrow(words)
  })

  test('whose sender disconnects are not kept, and the error says so', async () => {
    async function* leaving() {
      yield* chunked(body(file).slice(0, 3_000), 100)
      throw new Error('aborted')
    }
    const name = path.join(folder, 'left')
    await expect(receiveFile(leaving(), type, name)).rejects.toThrow('aborted')
    await expect(readFile(name)).rejects.toThrow('ENOENT')
  })

  test('that the disk does not take end with its error', async () => {
    const nowhere = path.join(folder, 'no', 'such', 'folder')
    for (const size of [64, 100_000])
      await expect(receiveFile(chunked(body(file), size), type, nowhere)).rejects.toThrow('ENOENT')
  })
})
