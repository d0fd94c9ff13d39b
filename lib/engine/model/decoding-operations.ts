/** Operations of generation only, without gradients: operators of ONNX Runtime's own domain. */
import type { Graph, Value } from './graph.ts'
import { type LowRank, reshape } from './operations.ts'
import { BITS, BLOCK } from './quantise.ts'

const MICROSOFT = 'com.microsoft'
/** MatMulNBits' accuracy level at which rows of x are rounded to 8 bits too, block by block. */
const INT8_PRODUCTS = 4

/** A matrix of 8 bits: see quantise.ts. */
export interface Quantised {
  out: number
  in: number
  numbers: Value // [out, block, BLOCK]
  scales: Value // [out · block]
}

/** y = x Wᵀ + (x Aᵀ) Bᵀ with W of 8 bits and, where there is an adapter, its factors in float32. No gradient. */
export function quantisedLinear(g: Graph, x: Value, w: Quantised, lowRank?: Pick<LowRank, 'a' | 'b'>): Value {
  const [rows = 1] = x.shape
  const shape = [rows, w.out]
  const attributes = { K: w.in, N: w.out, bits: BITS, block_size: BLOCK, accuracy_level: INT8_PRODUCTS }
  const product = g.emit('MatMulNBits', [x, w.numbers, w.scales], shape, { domain: MICROSOFT, attributes })
  if (!lowRank) return product
  const [rank = 1] = lowRank.a.shape
  const narrow = g.emit('Gemm', [x, lowRank.a], [rows, rank], { attributes: { transB: 1 } })
  return g.emit('Gemm', [narrow, lowRank.b, product], shape, { attributes: { transB: 1 } })
}

/** The keys and values of earlier tokens, [1, kvHead, capacity, dim] each; the first `total` − time are filled. */
export interface KvCache {
  past: [k: Value, v: Value]
  /** Names of the updated cache. It may share the memory of the past, which is then written in place. */
  present: [k: string, v: string]
  /** Number of tokens with the new ones, int32 [], and the same minus one, int32 [1]. */
  total: Value
  last: Value
}

interface CachedHeads {
  heads: number
  kvHeads: number
  headDim: number
  scale: number
  /** Attends only to so many tokens, or −1. */
  window: number
}

/** Head dimension in the cache: the operator reads heads only in multiples of 8. */
export const cachedDim = (headDim: number): number => Math.ceil(headDim / 8) * 8

/** Heads [1, time, head · dim] with zeros after each, which changes no product. */
function padded(g: Graph, x: Value, heads: number, dim: number): Value {
  const more = cachedDim(dim) - dim
  if (more === 0) return x
  const byHead = reshape(g, x, [1, 'time', heads, dim])
  const wide = g.emit('Pad', [byHead, g.ints([0, 0, 0, 0, 0, 0, 0, more])], [1, 'time', heads, dim + more])
  return reshape(g, wide, [1, 'time', heads * (dim + more)])
}

/** The inverse of `padded`. */
function unpadded(g: Graph, x: Value, heads: number, dim: number): Value {
  const width = cachedDim(dim)
  if (width === dim) return x
  const byHead = reshape(g, x, [1, 'time', heads, width])
  const range = [g.ints([0]), g.ints([dim]), g.ints([-1])]
  return reshape(g, g.emit('Slice', [byHead, ...range], [1, 'time', heads, dim]), [1, 'time', heads * dim])
}

/** Causal attention of new tokens to themselves and a cache; q, k, v [1, time, head · dim]. No gradient. */
export function cachedAttention(
  g: Graph,
  [q, k, v]: [Value, Value, Value],
  { past, present, last, total }: KvCache,
  { heads, kvHeads, headDim, scale, window }: CachedHeads,
): Value {
  const wideQ = padded(g, q, heads, headDim)
  const wide = [wideQ, padded(g, k, kvHeads, headDim), padded(g, v, kvHeads, headDim)]
  const mixed = g.emit('GroupQueryAttention', [...wide, ...past, last, total], wideQ.shape, {
    domain: MICROSOFT,
    attributes: {
      num_heads: heads,
      kv_num_heads: kvHeads,
      scale: { float: scale },
      local_window_size: window,
    },
    graphOutputs: present.map((name, index) => ({ name, shape: past[index]?.shape ?? [] })),
  })
  return unpadded(g, mixed, heads, headDim)
}
