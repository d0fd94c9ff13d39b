import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { ndjsonStream, readNdjson } from '#lib/http/ndjson.ts'

const bytesInParts = (text: string, size: number) => {
  const bytes = new TextEncoder().encode(text)
  return new ReadableStream<Uint8Array>({
    start(controller) {
      for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.slice(at, at + size))
      controller.close()
    },
  })
}

const all = async (body: ReadableStream<Uint8Array>) => Array.fromAsync(readNdjson((value) => value, body))
const signal = new AbortController().signal

describe('a stream of JSON lines', () => {
  test.each([1, 2, 7, 1000])('is complete when it arrives %i bytes at a time', async (size) => {
    const values = [{ text: 'Ne - \n"é"' }, { text: 'ليمريك 🙂' }, 7]
    const text = values.map((value) => `${JSON.stringify(value)}\n\n`).join('')
    expect(await all(bytesInParts(text, size))).toEqual(values)
  })

  test('keeps a silent connection open with empty lines', async () => {
    const done = Promise.withResolvers<void>()
    const { body } = ndjsonStream(z.unknown(), async () => done.promise, { signal, every: 1 })
    const reader = body?.getReader()
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('\n')
    done.resolve()
  })

  test('throws for its reader when the work throws', async () => {
    const { body } = ndjsonStream(
      z.string(),
      async (send) => {
        send('one')
        throw new Error('boom')
      },
      { signal },
    )
    await expect(all(body as ReadableStream<Uint8Array>)).rejects.toThrow('boom')
  })
})
