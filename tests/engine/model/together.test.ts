/** Rows that one step decodes: each gets bit for bit what it gets alone. */
import { describe, expect, it } from 'vitest'
import { createRandom } from '#lib/core/random.ts'
import type { Architecture } from '#lib/engine/model/architecture.ts'
import {
  createDecoder,
  createQuantisedDecoder,
  createStoredDecoder,
  type Decoder,
  emptyCache,
  openDecodingSession,
  openQuantised,
  openStored,
} from '#lib/engine/model/decoder.ts'
import { KvCache, ROWS } from '#lib/engine/model/kv-cache.ts'
import { initLora, projections } from '#lib/engine/model/lora.ts'
import { parseModelConfig } from '#lib/engine/model/model-config.ts'
import { quantise } from '#lib/engine/model/quantise.ts'
import type { Session } from '#lib/engine/model/session.ts'
import { upTo } from '#lib/engine/model/tensors.ts'
import { decodeTogether, type Runs } from '#lib/engine/model/together.ts'
import { DecodingGroup } from '#lib/engine/worker/decoding-group.ts'
import { randomize, randomWeights, small, smallConfig } from './small-model.ts'

const CAPACITY = 48
const lora = { rank: 4, alpha: 8, targets: projections }
const oddHeads = parseModelConfig({ ...smallConfig, head_dim: 12, tie_word_embeddings: false })

const weightsOf = (a: Architecture) => randomWeights(a, 1, 0.08)
const openFloats = async (a: Architecture) => {
  const model = await openStored(a, weightsOf(a), 1)
  return { decoder: createStoredDecoder(model), session: model.session }
}
const openEightBits = async (a: Architecture) => {
  const model = await openQuantised(a, quantise(a, weightsOf(a)), { threads: 1, adaptable: true })
  const factors = randomize(initLora(a, lora, 1), 4, 0.1)
  return { decoder: createQuantisedDecoder(model, { lora, factors }), session: model.session }
}
const openInputs = async (a: Architecture) => {
  const model = { architecture: a, weights: weightsOf(a), adapter: null }
  const session = await openDecodingSession(model, 1)
  return { decoder: createDecoder(model, session), session }
}

const random = createRandom(4)
const tokensOf = (length: number) => Array.from({ length }, () => Math.floor(random() * small.vocabulary))
/** Prompts of different lengths, and what follows each. */
const chats = upTo(ROWS).map((row) => ({ prompt: tokensOf(3 + 4 * row), rest: tokensOf(5) }))

/** Counts the runs of a session from now on. */
function countRuns(session: Session): () => number {
  const run = session.run.bind(session)
  let runs = 0
  Object.assign(session, {
    run: (...args: Parameters<typeof run>) => {
      runs += 1
      return run(...args)
    },
  })
  return () => runs
}

/** Logits after each of the rest's tokens, read by a chat on its own. */
async function alone(decoder: Decoder, { prompt, rest }: (typeof chats)[number]): Promise<Float32Array[]> {
  const cache = emptyCache(decoder.architecture, CAPACITY)
  await decoder.read(prompt, cache)
  const found: Float32Array[] = []
  for (const token of rest) found.push(await decoder.read([token], cache))
  return found
}

describe.each<[string, (a: Architecture) => Promise<{ decoder: Decoder; session: Session }>]>([
  ['float32 that the session holds', openFloats],
  ['8 bits with an adapter', openEightBits],
])('%s', (_name, open) => {
  it.each([
    ['grouped queries', small],
    ['heads of 12, own head', oddHeads],
  ])('%s: rows are the same in company, by one run for all', async (_case, architecture) => {
    const { decoder, session } = await open(architecture)
    const expected = []
    for (const chat of chats) expected.push(await alone(decoder, chat))

    for (const rows of [ROWS, 3, 2]) {
      const cache = new KvCache(architecture, CAPACITY)
      for (const [row, { prompt }] of chats.slice(0, rows).entries()) {
        cache.add()
        await decoder.read(prompt, cache, row)
      }
      const step = (at: number) =>
        decoder.step(
          chats.slice(0, rows).map(({ rest }) => rest[at] as number),
          cache,
        )
      expect(await step(0)).toEqual(expected.slice(0, rows).map((all) => all[0]))
      const runs = countRuns(session)
      for (let at = 1; at < 5; at++)
        expect(await step(at)).toEqual(expected.slice(0, rows).map((all) => all[at]))
      expect(runs()).toBe(4)
    }
  })
})

it('reads row by row where the weights are inputs', async () => {
  const { decoder, session } = await openInputs(small)
  const expected = [await alone(decoder, chats[0] as never), await alone(decoder, chats[1] as never)]
  const cache = new KvCache(small, CAPACITY)
  for (const row of [0, 1]) {
    cache.add()
    await decoder.read(chats[row]?.prompt ?? [], cache, row)
  }
  const runs = countRuns(session)
  for (let at = 0; at < 5; at++) {
    const tokens = [0, 1].map((row) => chats[row]?.rest[at] as number)
    expect(await decoder.step(tokens, cache)).toEqual(expected.map((all) => all[at]))
  }
  expect(runs()).toBe(10)
})

it('refuses tokens that the cache has no room for', async () => {
  const { decoder } = await openFloats(small)
  const cache = emptyCache(small, 8)
  await decoder.read(tokensOf(8), cache)
  await expect(decoder.read([1], cache)).rejects.toThrow(RangeError)
  expect(cache.lengths).toEqual([8])
})

describe('decodeTogether', () => {
  /** Kernels whose rows in company differ by `off` from those alone. */
  const kernels = (off: number) => {
    const calls: string[] = []
    const runs = (rows: number): Runs => ({
      together: async () => {
        calls.push(`together ${rows}`)
        return upTo(rows).map((row) => Float32Array.of(row, row === rows - 1 ? row + off : row))
      },
      alone: async (row) => {
        calls.push(`alone ${row}`)
        return Float32Array.of(row, row)
      },
    })
    return { calls, runs }
  }

  it('compares the first step of each number of rows, and trusts it from then on', async () => {
    const { calls, runs } = kernels(0)
    const step = decodeTogether()
    for (const rows of [1, 2, 2, 3, 2])
      expect(await step(rows, runs(rows))).toEqual(upTo(rows).map((row) => Float32Array.of(row, row)))
    expect(calls.join()).toBe(
      'together 1,together 2,alone 0,alone 1,together 2,together 3,alone 0,alone 1,alone 2,together 2',
    )
  })

  it('reads each row alone after any difference, and never hands one out', async () => {
    const { calls, runs } = kernels(2 ** -20)
    const step = decodeTogether()
    for (const rows of [3, 2, 1])
      expect(await step(rows, runs(rows))).toEqual(upTo(rows).map((row) => Float32Array.of(row, row)))
    expect(calls.filter((call) => call.startsWith('together'))).toEqual(['together 3'])
  })
})

describe('a group of chats', () => {
  /** Ten chats: two caches. */
  async function ten() {
    const { decoder } = await openFloats(small)
    const group = new DecodingGroup<string>(decoder, CAPACITY)
    const tokens = upTo(10).map((index) => tokensOf(4 + index))
    for (const [index, read] of tokens.entries()) {
      const cache = emptyCache(small, CAPACITY)
      await decoder.read(read, cache)
      group.join(`${index}`, cache)
    }
    /** The next logits of a chat, as it stands in the group, and as its tokens alone give them. */
    const compare = async (chat: string) => {
      const own = group.copy(chat, small.context)
      const read = tokens[Number(chat)] ?? []
      const expected = emptyCache(small, CAPACITY)
      await decoder.read(read, expected)
      expect(own.lengths).toEqual(expected.lengths)
      expect(await decoder.read([7], own)).toEqual(await decoder.read([7], expected))
    }
    const rows = () => group.batches().map(({ chats, cache }) => [chats.join(' '), cache.lengths.length])
    return { group, compare, rows }
  }

  it('fills one cache after the other, and closes the gap that a chat leaves', async () => {
    const { group, compare, rows } = await ten()
    expect(rows()).toEqual([
      ['0 1 2 3 4 5 6 7', 8],
      ['8 9', 2],
    ])
    group.leave('2')
    group.leave('8')
    expect(rows()).toEqual([['0 1 9 3 4 5 6 7', 8]])
    group.leave('7')
    expect(rows()).toEqual([['0 1 9 3 4 5 6', 7]])
    for (const chat of group.chats()) await compare(chat)
    for (const chat of group.chats()) group.leave(chat)
    expect([group.isEmpty, rows()]).toEqual([true, []])
  })
})
