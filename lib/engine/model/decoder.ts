import type { Tensor } from 'onnxruntime-node'
import { type Architecture, EMBEDDINGS } from './architecture.ts'
import { cachedDim } from './decoding-operations.ts'
import { decodingGraph, pastOf, presentOf } from './llama.ts'
import { loraShapes, projections, scaledFactors } from './lora.ts'
import type { Model } from './model-folder.ts'
import { type QuantisedWeights, quantisedRows } from './quantise.ts'
import {
  type Feeds,
  floats,
  ids,
  int32,
  openSession,
  placeFeeds,
  type Session,
  weightFeeds,
} from './session.ts'
import type { Tensors } from './tensors.ts'

/** The KV cache: keys and values of the tokens so far. A read writes into it, so each cache is read from only once. */
export interface Cache {
  length: number
  /** Number of tokens that it has room for. */
  capacity: number
  /** One per layer for keys and one for values. */
  layers: Float32Array<ArrayBuffer>[] // [1, kvHead, capacity, dim] each
}

export interface Decoder {
  architecture: Architecture
  /** Runs tokens that follow the cache. @returns logits [vocabulary] of the next token */
  read(tokens: readonly number[], cache: Cache): Promise<{ logits: Float32Array; cache: Cache }>
}

/** Tokens by which a cache grows at least. */
const ROOM = 128

const NAMES = ['k', 'v'] as const

export const emptyCache = ({ layers }: Architecture): Cache => ({
  length: 0,
  capacity: 0,
  layers: Array.from({ length: layers * NAMES.length }, () => new Float32Array(0)),
})

/** The cache itself, or a larger copy if it has no room for `length` tokens. */
function withRoom(cache: Cache, { kvHeads, headDim, context }: Architecture, length: number): Cache {
  if (length <= cache.capacity) return cache
  const dim = cachedDim(headDim)
  const capacity = Math.max(length, Math.min(context, Math.max(length + ROOM, 2 * cache.capacity)))
  const layers = cache.layers.map((old) => {
    const grown = new Float32Array(kvHeads * capacity * dim)
    for (let head = 0; head < kvHeads; head++) {
      const from = head * cache.capacity * dim
      grown.set(old.subarray(from, from + cache.length * dim), head * capacity * dim)
    }
    return grown
  })
  return { ...cache, capacity, layers }
}

/** The cache as inputs and as outputs: each pair shares its memory, so that nothing is copied. */
function cacheFeeds({ capacity, layers }: Cache, { kvHeads, headDim }: Architecture) {
  const past: Feeds = {}
  const present: Feeds = {}
  for (const [index, data] of layers.entries()) {
    const [layer, name] = [Math.floor(index / NAMES.length), NAMES[index % NAMES.length] as 'k' | 'v']
    const tensor = floats(data, [1, kvHeads, capacity, cachedDim(headDim)])
    past[pastOf(layer, name)] = tensor
    present[presentOf(layer, name)] = tensor
  }
  return { past, present }
}

function decoderOf(
  architecture: Architecture,
  session: Session,
  fixed: Feeds,
  tokensOf: (tokens: readonly number[]) => Feeds,
): Decoder {
  return {
    architecture,
    async read(tokens, known) {
      const length = known.length + tokens.length
      const cache = withRoom(known, architecture, length)
      const { past, present } = cacheFeeds(cache, architecture)
      const feeds = {
        ...fixed,
        ...past,
        ...placeFeeds(architecture, 1, cache.length, tokens.length),
        ...tokensOf(tokens),
        total: int32([length], []),
        last: int32([length - 1], [1]),
      }
      const { logits } = await session.run(feeds, { logits: null, ...present })
      return { logits: (logits as Tensor).data as Float32Array, cache: { ...cache, length } }
    },
  }
}

/** A model ready to generate in float32. `session` serves every model of the same architecture and adapter shape. */
export function createDecoder({ architecture, weights, adapter }: Model, session: Session): Decoder {
  const fixed = weightFeeds(weights, ...(adapter ? [adapter.factors] : []))
  return decoderOf(architecture, session, fixed, (tokens) => ({ ids: ids(tokens) }))
}

export const openDecodingSession = ({ architecture, adapter }: Model, threads: number): Promise<Session> =>
  openSession(decodingGraph(architecture, { lora: adapter?.lora ?? null, quantised: null }), threads)

/** Models with equal keys can share a session. */
export const decodingKey = ({ architecture, adapter }: Model): string =>
  JSON.stringify([architecture, adapter?.lora])

/** A model with weights of 8 bits, which its session holds; it generates for the model and for adapters on it. */
export interface QuantisedModel {
  architecture: Architecture
  session: Session
  /** Norms and biases. */
  vectors: Tensors
  /** Rows of the embeddings as float32, [row, hidden]. */
  embed: (ids: readonly number[]) => Float32Array<ArrayBuffer>
}

/** @param quantised its bytes are no longer needed afterwards */
export async function openQuantised(
  architecture: Architecture,
  quantised: QuantisedWeights,
  threads: number,
): Promise<QuantisedModel> {
  const graph = decodingGraph(architecture, { lora: null, quantised: quantised.matrices })
  const session = await openSession(graph, threads, quantised.bytes)
  return { architecture, session, vectors: quantised.vectors, embed: quantisedRows(quantised, EMBEDDINGS) }
}

/** Factors of rank 0: no adapter. */
const noFactors = (a: Architecture): Tensors =>
  new Map(
    loraShapes(a, { rank: 0, targets: projections }).map(([name, shape]) => [
      name,
      { shape, data: new Float32Array(0) },
    ]),
  )

export function createQuantisedDecoder(
  { architecture, session, vectors, embed }: QuantisedModel,
  adapter: Model['adapter'],
): Decoder {
  const factors = new Map([...noFactors(architecture), ...(adapter ? scaledFactors(adapter) : [])])
  return decoderOf(architecture, session, weightFeeds(vectors, factors), (tokens) => ({
    embedded: floats(embed(tokens), [tokens.length, architecture.hidden]),
  }))
}
