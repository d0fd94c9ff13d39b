/** Operations of generation only, without gradients: operators of ONNX Runtime's own domain. */
import type { Graph, Value } from './graph.ts'
import type { LowRank } from './operations.ts'
import { BITS, BLOCK } from './quantise.ts'

const MICROSOFT = 'com.microsoft'
/** MatMulNBits' accuracy level at which rows of x are rounded to 8 bits too, block by block. */
const INT8_PRODUCTS = 4

/** A matrix of 8 bits, or several below one another: see quantise.ts. */
export interface Quantised {
  out: number
  in: number
  numbers: Value // [out, block, BLOCK]
  scales: Value // [out · block]
}

/**
 * The factors of an adapter come multiplied by 1 / HALF, which changes no bit of the result: with any other alpha than 1
 * ONNX Runtime multiplies one row by the kernel that also multiplies several, so that a row is the same in any company.
 */
export const HALF = 0.5

/**
 * y = x Wᵀ + (HALF · x Aᵀ) (HALF · Bᵀ) with W of 8 bits and, where there is an adapter, its factors in float32.
 * No gradient.
 */
export function quantisedLinear(g: Graph, x: Value, w: Quantised, lowRank?: Pick<LowRank, 'a' | 'b'>): Value {
  const [rows = 1] = x.shape
  const shape = [rows, w.out]
  const attributes = { K: w.in, N: w.out, bits: BITS, block_size: BLOCK, accuracy_level: INT8_PRODUCTS }
  const product = g.emit('MatMulNBits', [x, w.numbers, w.scales], shape, { domain: MICROSOFT, attributes })
  if (!lowRank) return product
  const [rank = 1] = lowRank.a.shape
  const factor = { attributes: { transB: 1, alpha: { float: HALF } } }
  const narrow = g.emit('Gemm', [x, lowRank.a], [rows, rank], factor)
  return g.emit('Gemm', [narrow, lowRank.b, product], shape, factor)
}

/** The product y [rows, Σ outs] of matrices that lie below one another, as one for each. No gradient. */
export function parts(g: Graph, y: Value, outs: readonly number[]): Value[] {
  if (outs.length === 1) return [y]
  const [rows = 1] = y.shape
  const options = { attributes: { axis: 1 }, extraOutputs: outs.length - 1 }
  const first = g.emit('Split', [y, g.ints(outs)], [rows, outs[0] ?? 0], options)
  return outs.map((out, index) => ({
    ...first,
    name: index === 0 ? first.name : `${first.name}:${index}`,
    shape: [rows, out],
  }))
}

/** The keys and values of earlier tokens, [batch, kvHead, capacity, dim] each; the first ones of each row are filled. */
export interface KvInputs {
  past: [k: Value, v: Value]
  /** Output names of the keys and values of the new tokens, [batch, time, kvHead · dim]. */
  added: [k: string, v: string]
  /** Number of tokens with the new ones: of the longest row, int32 [], and of each row minus one, int32 [batch]. */
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

/**
 * Rows of any shape → [batch, time, width], both sizes known only when the graph runs: those of the positions.
 * No gradient.
 */
export function sequences(g: Graph, positions: Value) {
  const sizes = g.emit('Shape', [positions], [2], { dtype: 'int64' })
  const shapes = new Map<number, Value>()
  const shapeOf = (width: number): Value => {
    const options = { attributes: { axis: 0 }, dtype: 'int64' } as const
    const shape = shapes.get(width) ?? g.emit('Concat', [sizes, g.ints([width])], [3], options)
    shapes.set(width, shape)
    return shape
  }
  return (x: Value, width: number): Value => g.emit('Reshape', [x, shapeOf(width)], ['batch', 'time', width])
}

/** [batch, time, head · dim] ↔ [batch, time, head, dim]: a 0 keeps the size of the input. */
const split = (g: Graph, x: Value, heads: number, dim: number): Value =>
  g.emit('Reshape', [x, g.ints([0, 0, heads, dim])], ['batch', 'time', heads, dim])
const joined = (g: Graph, x: Value, width: number): Value =>
  g.emit('Reshape', [x, g.ints([0, 0, width])], ['batch', 'time', width])

/** Heads [batch, time, head · dim] with zeros after each, which changes no product. */
function padded(g: Graph, x: Value, heads: number, dim: number): Value {
  const width = cachedDim(dim)
  if (width === dim) return x
  const ends = g.ints([0, 0, 0, 0, 0, 0, 0, width - dim])
  const wide = g.emit('Pad', [split(g, x, heads, dim), ends], ['batch', 'time', heads, width])
  return joined(g, wide, heads * width)
}

/** The inverse of `padded`. */
function unpadded(g: Graph, x: Value, heads: number, dim: number): Value {
  const width = cachedDim(dim)
  if (width === dim) return x
  const range = [g.ints([0]), g.ints([dim]), g.ints([-1])]
  const narrow = g.emit('Slice', [split(g, x, heads, width), ...range], ['batch', 'time', heads, dim])
  return joined(g, narrow, heads * dim)
}

/**
 * Causal attention of new tokens to themselves and a cache; q, k, v [batch, time, head · dim]. No gradient.
 * The operator's other outputs, the whole cache with the new tokens in it, are not used: what leaves the session is
 * copied, and with eight rows that took longer than the model.
 */
export function cachedAttention(
  g: Graph,
  [q, k, v]: [Value, Value, Value],
  { past, added, last, total }: KvInputs,
  { heads, kvHeads, headDim, scale, window }: CachedHeads,
): Value {
  const wideQ = padded(g, q, heads, headDim)
  const [wideK, wideV] = [padded(g, k, kvHeads, headDim), padded(g, v, kvHeads, headDim)]
  g.output(added[0], wideK)
  g.output(added[1], wideV)
  const inputs = [wideQ, wideK, wideV, ...past, last, total]
  const mixed = g.emit('GroupQueryAttention', inputs, wideQ.shape, {
    domain: MICROSOFT,
    attributes: {
      num_heads: heads,
      kv_num_heads: kvHeads,
      scale: { float: scale },
      local_window_size: window,
    },
    extraOutputs: 2,
  })
  return unpadded(g, mixed, heads, headDim)
}
