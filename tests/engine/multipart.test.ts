import { describe, expect, test } from 'vitest'
import { drain, parts, readText } from '#lib/engine/multipart.ts'

const type = 'multipart/form-data; boundary=XyZ'

async function* chunked(text: string, size: number): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text)
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size)
}

const body = (...sections: [header: string, value: string][]): string =>
  `${sections.map(([header, value]) => `--XyZ\r\nContent-Disposition: form-data; ${header}\r\n\r\n${value}\r\n`).join('')}--XyZ--\r\n`

async function read(text: string, size: number, contentType = type) {
  const found = []
  for await (const { name, filename, bytes } of parts(chunked(text, size), contentType))
    found.push({ name, filename, text: await readText(bytes, 10_000) })
  return found
}

const tricky = 'line\r\n--XyZnot the end, because this is data:\r\n--Xy\r\n-\r\n\r\n'
const upload = body(
  ['name="purpose"', 'fine-tune'],
  ['name="file"; filename="a %22b%22.jsonl"', tricky.replaceAll('--XyZ', '--Xyz')],
)

describe('multipart bodies', () => {
  test.each([1, 2, 3, 7, 64, 100_000])('come out the same in chunks of %i bytes', async (size) => {
    expect(await read(upload, size)).toEqual([
      { name: 'purpose', filename: null, text: 'fine-tune' },
      { name: 'file', filename: 'a "b".jsonl', text: tricky.replaceAll('--XyZ', '--Xyz') },
    ])
  })

  test.each([
    ['name=file; filename=a.jsonl', 'file', 'a.jsonl'],
    [`name=file; filename=a.jsonl; filename*=utf-8''a.jsonl`, 'file', 'a.jsonl'],
    [`name="file"; filename*=UTF-8''%C3%A9l%22e.jsonl`, 'file', 'él"e.jsonl'],
    [`name="file"; filename="plain.jsonl"; filename*=UTF-8''%E0%A4%A`, 'file', 'plain.jsonl'],
    [`name="file"; filename="plain.jsonl"; filename*=latin1''%E9`, 'file', 'plain.jsonl'],
    ['name="file"; filename="a\\"b\\\\c.jsonl"', 'file', 'a"b\\c.jsonl'],
    ['name="file"; filename="C:\\data\\a.jsonl"', 'file', 'C:\\data\\a.jsonl'],
    ['filename="a;name=x.jsonl"; name="file"', 'file', 'a;name=x.jsonl'],
    ['name=purpose', 'purpose', null],
    ['filename=x', '', 'x'],
  ])('are named by %s', async (header, name, filename) => {
    expect(await read(body([header, 'x']), 7)).toEqual([{ name, filename, text: 'x' }])
  })

  test('may have a quoted boundary, text before it, further headers, and empty values', async () => {
    const text = `preamble\r\n--XyZ\r\nContent-Type: text/plain\r\ncontent-disposition: form-data; name="x"\r\n\r\n\r\n--XyZ--`
    expect(await read(text, 5, 'multipart/form-data; charset=utf-8; boundary="XyZ"')).toEqual([
      { name: 'x', filename: null, text: '' },
    ])
  })

  test('that end too early are refused, not taken for whole', async () => {
    await expect(read(upload.slice(0, -40), 16)).rejects.toThrow('ends before its last boundary')
    await expect(read('', 16)).rejects.toThrow('ends before its last boundary')
  })

  test('without a boundary are refused', async () => {
    await expect(read(upload, 16, 'application/json')).rejects.toThrow('must be multipart/form-data')
  })

  test('hold at most 64 parts and small values where small ones are expected', async () => {
    const many = body(...Array.from({ length: 65 }, (): [string, string] => ['name="x"', '']))
    await expect(read(many, 1000)).rejects.toThrow('more than 64 parts')
    const first = await parts(chunked(body(['name="x"', 'y'.repeat(200)]), 50), type).next()
    if (first.done) throw new Error('no part')
    await expect(readText(first.value.bytes, 100)).rejects.toThrow('more than 100 bytes')
  })

  test('can be passed over without being read', async () => {
    const names = []
    for await (const part of parts(chunked(upload, 9), type)) {
      names.push(part.name)
      await drain(part.bytes)
    }
    expect(names).toEqual(['purpose', 'file'])
  })
})
