import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { fileLines } from '#lib/datasets/worker/file-lines.ts'
import { MAX_LINE_BYTES } from '#lib/training-data/jsonl.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'limerick-lines-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function linesOf(bytes: Uint8Array | string) {
  const file = path.join(folder, 'file')
  writeFileSync(file, bytes)
  return Array.from(fileLines(file))
}

describe('lines of a file', () => {
  it('cover every byte, for any line end', () => {
    const text = '\ufeffone\r\ntwo\rstill two\u2028\n\n  \nlast'
    const lines = linesOf(text)
    expect(lines.map(({ line }) => line.text)).toEqual(['one', 'two\rstill two\u2028', '', '  ', 'last'])
    expect(lines[0]?.line).toMatchObject({ bom: true, crlf: true })
    const bytes = Buffer.from(text)
    expect(Buffer.concat(lines.map(({ offset, length }) => bytes.subarray(offset, offset + length)))).toEqual(
      bytes,
    )
  })

  it('that span several read blocks are complete', () => {
    const text = Array.from({ length: 40 }, (_, n) => `${n} ${'ü'.repeat(n * 2_500)}`)
    const lines = linesOf(`${text.join('\n')}\n`)
    expect(lines.map(({ line }) => line.text)).toEqual(text)
    expect(lines.map(({ line }) => line.number)).toEqual(text.map((_, index) => index + 1))
  })

  it('longer than the limit have no text', () => {
    const long = Buffer.alloc(MAX_LINE_BYTES + 3_000_000, 'x')
    const lines = linesOf(Buffer.concat([Buffer.from('{}\n'), long, Buffer.from('\n[]')]))
    expect(lines.map(({ line }) => line.text)).toEqual(['{}', null, '[]'])
    expect(lines.map(({ length }) => length)).toEqual([3, long.length + 1, 2])
    expect(lines[1]?.line.bytes).toBeGreaterThan(MAX_LINE_BYTES)
    expect(linesOf(long).map(({ length }) => length)).toEqual([long.length])
  })

  it('of an empty file: none', () => expect(linesOf('')).toEqual([]))
})
