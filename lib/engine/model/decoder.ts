import type { Tensor } from 'onnxruntime-node'
import { type Architecture, EMBEDDINGS } from './architecture.ts'
import { KvCache } from './kv-cache.ts'
import { decodingGraph } from './llama.ts'
import { productFactors } from './lora.ts'
import type { Model } from './model-folder.ts'
import { type QuantisedWeights, quantisedRows } from './quantise.ts'
import {
  type Feeds,
  floats,
  ids,
  int32,
  openSession,
  type Session,
  tableFeeds,
  weightFeeds,
} from './session.ts'
import { layFloats } from './stored-floats.ts'
import { type Tensor as Floats, upTo } from './tensors.ts'
import { decodeTogether, inTurn, type Logits } from './together.ts'

export interface Decoder {
  architecture: Architecture
  /** Reads tokens that follow those of a row of the cache. @returns logits [vocabulary] of the next token */
  read(tokens: readonly number[], cache: KvCache, row?: number): Promise<Logits>
  /** Reads one token of each row of the cache. @returns the logits of each row's next token, as if it were alone */
  step(tokens: readonly number[], cache: KvCache): Promise<Logits[]>
}

/** A cache with one empty row of at most `limit` tokens. */
export function emptyCache(architecture: Architecture, limit: number): KvCache {
  const cache = new KvCache(architecture, limit)
  cache.add()
  return cache
}

/**
 * Reads the same number of tokens in each of some rows, and writes their keys and values behind those of the row.
 * @returns logits [row, vocabulary] of their next tokens
 */
type Read = (cache: KvCache, first: number, tokens: readonly (readonly number[])[]) => Promise<Float32Array>

/** Positions of `time` new tokens in each row. */
const placesOf = (lengths: readonly number[], time: number): number[] =>
  lengths.flatMap((length) => upTo(time).map((index) => length + index))

/** @param tokensOf the inputs that tell the tokens [batch · time] */
function readerOf(
  architecture: Architecture,
  session: Session,
  fixed: Feeds,
  tokensOf: (tokens: readonly number[]) => Feeds,
): Read {
  return async (cache, first, tokens) => {
    const [batch, time] = [tokens.length, tokens[0]?.length ?? 0]
    const lengths = cache.lengths.slice(first, first + batch)
    const lasts = lengths.map((length) => length + time - 1)
    const total = Math.max(...lasts) + 1
    cache.reserve(total)
    const feeds = {
      ...fixed,
      ...cache.feeds(first, batch),
      ...tokensOf(tokens.flat()),
      ...tableFeeds(architecture, placesOf(lengths, time)),
      positions: ids(upTo(batch * time), [batch, time]),
      rows: ids(upTo(batch).map((row) => (row + 1) * time - 1)),
      total: int32([total], []),
      last: int32(lasts, [batch]),
    }
    const { logits, ...added } = await session.run(feeds)
    cache.put(first, batch, time, added)
    return (logits as Tensor).data as Float32Array
  }
}

function decoderOf(architecture: Architecture, read: Read, step = decodeTogether()): Decoder {
  const { vocabulary } = architecture
  return {
    architecture,
    async read(tokens, cache, row = 0) {
      const logits = await read(cache, row, [tokens])
      cache.advance(row, tokens.length)
      return logits
    },
    async step(tokens, cache) {
      const one = (row: number) => [tokens[row] as number]
      const rows = upTo(tokens.length)
      const logits = await step(tokens.length, {
        async together() {
          const all = await read(cache, 0, rows.map(one))
          return rows.map((row) => all.subarray(row * vocabulary, (row + 1) * vocabulary))
        },
        alone: (row) => read(cache, row, [one(row)]),
      })
      for (const row of rows) cache.advance(row, 1)
      return logits
    },
  }
}

/**
 * A model whose weights are inputs, in float32. `session` serves every model of the same architecture and adapter
 * shape. Each row is read alone: kernels that find the weights unprepared compute several rows otherwise than one.
 */
export function createDecoder({ architecture, weights, adapter }: Model, session: Session): Decoder {
  const fixed = weightFeeds(weights, ...(adapter ? [adapter.factors] : []))
  const read = readerOf(architecture, session, fixed, (tokens) => ({ ids: ids(tokens) }))
  return decoderOf(architecture, read, inTurn)
}

export const openDecodingSession = ({ architecture, adapter }: Model, threads: number): Promise<Session> =>
  openSession(decodingGraph(architecture, { lora: adapter?.lora ?? null, stored: null }), threads)

/** Models with equal keys can share a session. */
export const decodingKey = ({ architecture, adapter }: Model): string =>
  JSON.stringify([architecture, adapter?.lora])

/** A model in float32 that a session holds, with an adapter merged into it if there is one. */
export interface StoredModel {
  architecture: Architecture
  session: Session
}

/**
 * The session packs the weights once for its kernels: one row takes less than half the time that it takes with weights
 * as inputs, and eight little more than one. While it opens, it needs the memory of the weights more than twice.
 */
export async function openStored(
  architecture: Architecture,
  weights: Iterable<[name: string, Floats]>,
  threads: number,
): Promise<StoredModel> {
  const { bytes, places } = layFloats(architecture, weights)
  const graph = decodingGraph(architecture, { lora: null, stored: { floats: places } })
  return { architecture, session: await openSession(graph, threads, bytes) }
}

export const createStoredDecoder = ({ architecture, session }: StoredModel): Decoder =>
  decoderOf(
    architecture,
    readerOf(architecture, session, {}, (tokens) => ({ ids: ids(tokens) })),
  )

/** A model with weights of 8 bits, which its session holds. */
export interface QuantisedModel extends StoredModel {
  /** Rows of the embeddings as float32, [row, hidden]. */
  embed: (ids: readonly number[]) => Float32Array<ArrayBuffer>
  /** It also generates for adapters on it; the factors of none still take a tenth of the time. */
  adaptable: boolean
}

/** @param quantised its bytes are no longer needed afterwards */
export async function openQuantised(
  architecture: Architecture,
  quantised: QuantisedWeights,
  { threads, adaptable }: { threads: number; adaptable: boolean },
): Promise<QuantisedModel> {
  const graph = decodingGraph(architecture, { lora: null, stored: { quantised, adaptable } })
  const session = await openSession(graph, threads, quantised.bytes)
  const embed = quantisedRows(quantised, EMBEDDINGS, architecture.vocabulary)
  return { architecture, session, embed, adaptable }
}

/** @param adapter only on an adaptable model */
export function createQuantisedDecoder(
  { architecture, session, embed, adaptable }: QuantisedModel,
  adapter: Model['adapter'],
): Decoder {
  const factors = adaptable ? weightFeeds(productFactors(architecture, adapter)) : {}
  const read = readerOf(architecture, session, factors, (tokens) => ({
    embedded: floats(embed(tokens), [tokens.length, architecture.hidden]),
  }))
  return decoderOf(architecture, read)
}
