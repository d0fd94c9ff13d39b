import type { Tensor } from 'onnxruntime-node'
import type { Architecture } from './architecture.ts'
import { decodingGraph, pastOf, presentOf } from './llama.ts'
import type { Model } from './model-folder.ts'
import { type Feeds, floats, ids, openSession, placeFeeds, type Session, weightFeeds } from './session.ts'

/** The KV cache: keys and values of the tokens so far, fed unchanged to the next call. */
export interface Cache {
  length: number
  past: Feeds // [1, kvHead, length, dim] each
}

export interface Decoder {
  architecture: Architecture
  /** Runs tokens that follow the cache. @returns logits [vocabulary] of the next token */
  read(tokens: readonly number[], cache: Cache): Promise<{ logits: Float32Array; cache: Cache }>
}

const layersOf = (a: Architecture) =>
  Array.from({ length: a.layers }, (_, layer) => [[layer, 'k'] as const, [layer, 'v'] as const]).flat()

export function emptyCache(a: Architecture): Cache {
  const empty = floats(new Float32Array(0), [1, a.kvHeads, 0, a.headDim])
  return {
    length: 0,
    past: Object.fromEntries(layersOf(a).map(([layer, name]) => [pastOf(layer, name), empty])),
  }
}

/** A model ready to generate. `session` serves every model of the same architecture and adapter shape. */
export function createDecoder({ architecture, weights, adapter }: Model, session: Session): Decoder {
  const fixed = weightFeeds(weights, ...(adapter ? [adapter.factors] : []))
  return {
    architecture,
    async read(tokens, cache) {
      const place = placeFeeds(architecture, 1, cache.length, tokens.length)
      const found = await session.run({ ...fixed, ...cache.past, ...place, ids: ids(tokens) })
      const past = layersOf(architecture).map(([layer, name]) => [
        pastOf(layer, name),
        found[presentOf(layer, name)],
      ])
      return {
        logits: (found.logits as Tensor).data as Float32Array,
        cache: { length: cache.length + tokens.length, past: Object.fromEntries(past) },
      }
    },
  }
}

export const openDecodingSession = ({ architecture, adapter }: Model, threads: number): Promise<Session> =>
  openSession(decodingGraph(architecture, adapter?.lora ?? null), threads)

/** Models with equal keys can share a session. */
export const decodingKey = ({ architecture, adapter }: Model): string =>
  JSON.stringify([architecture, adapter?.lora])
