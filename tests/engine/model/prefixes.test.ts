/** The beginnings that prompts have in common. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createStoredDecoder, openStored } from '#lib/engine/model/decoder.ts'
import { readModel } from '#lib/engine/model/model-folder.ts'
import { readTokenizer } from '#lib/engine/model/tokenizer.ts'
import { createChat, readPiece } from '#lib/engine/worker/chat.ts'
import type { Writer } from '#lib/engine/worker/loaded-models.ts'
import { createPrefixes, piecesOf } from '#lib/engine/worker/prefixes.ts'
import { writeByteModel } from './small-model.ts'

/** Below 100: tokens that begin or end a turn. */
const isSpecial = (id: number) => id < 100
const words = (count: number, from = 100) => Array.from({ length: count }, (_, index) => from + index)

it('cuts a prompt where turns begin or end, but not into crumbs', () => {
  const prompt = [1, ...words(20), 2, 1, ...words(3), 2, 1, ...words(30), 2, 1]
  const pieces = piecesOf(prompt, isSpecial)
  expect(pieces.map(({ tokens }) => tokens.length)).toEqual([21, 37, 2])
  expect(pieces.flatMap(({ tokens }) => tokens)).toEqual(prompt)
})

it('cuts what has no turns after 256 tokens', () => {
  expect(piecesOf(words(600), isSpecial).map(({ tokens }) => tokens.length)).toEqual([256, 256, 88])
  expect(piecesOf(words(7), isSpecial).map(({ tokens }) => tokens.length)).toEqual([7])
})

it('names a piece by all tokens up to its end', () => {
  const end = [2, ...words(9)]
  const [one, two] = [words(20), words(20, 101)].map((start) => piecesOf([...start, ...end], isSpecial))
  const again = piecesOf([...words(20), 2, 5, 5], isSpecial)
  expect(one?.[1]?.tokens).toEqual(two?.[1]?.tokens)
  expect(one?.[1]?.key).not.toBe(two?.[1]?.key)
  expect(again[0]?.key).toBe(one?.[0]?.key)
})

let folder: string
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'limerick-prefixes-'))
  writeByteModel(folder, 3)
})
afterAll(() => rmSync(folder, { recursive: true }))

it('reads a common beginning once, and the rest as if there were none', async () => {
  const { architecture, weights } = await readModel(folder)
  const tokenizer = readTokenizer(folder)
  const { session } = await openStored(architecture, weights, 1)
  const real = createStoredDecoder({ architecture, session })
  let count = 0
  const decoder: typeof real = {
    ...real,
    read: (tokens, ...rest) => {
      count += tokens.length
      return real.read(tokens, ...rest)
    },
  }
  const fresh = (): Writer => ({ decoder, session, tokenizer, prefixes: createPrefixes() })
  /** Logits after a prompt, and how many tokens were read for them. */
  const read = async (writer: Writer, question: string) => {
    const prompt = `<|im_start|>system\nYou are a poet.<|im_end|>\n<|im_start|>user\n${question}<|im_end|>\n`
    const order = { seed: 1, stop: [] as string[] } as Parameters<typeof createChat>[0]
    const chat = createChat(order, writer, tokenizer.encodeRendered(prompt))
    count = 0
    let logits: Float32Array | null = null
    while (!logits) logits = await readPiece(chat)
    return { logits, count, all: chat.promptTokens }
  }
  const writer = fresh()
  const first = await read(writer, 'Hello there')
  const second = await read(writer, 'Good day to you')
  const expected = await read(fresh(), 'Good day to you')
  expect(first.count).toBe(first.all)
  expect(expected.count).toBe(expected.all)
  expect(second.count).toBeLessThan(second.all - 20)
  expect(second.logits).toEqual(expected.logits)
  const again = await read(writer, 'Good day to you')
  expect(again.count).toBeLessThan(second.count)
  expect(again.logits).toEqual(expected.logits)
})
