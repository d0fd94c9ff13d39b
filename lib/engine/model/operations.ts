/**
 * The operations of a Llama, each with its gradient. In comments, `d` is the gradient of the result.
 * Only operators of ONNX Runtime's stock CPU build are used; gradient tests cover the `com.microsoft` ones.
 */
import type { Graph, Shape, Value } from './graph.ts'

const MICROSOFT = 'com.microsoft'

/** A low-rank addition to a matrix W: y = W x + scale · B (A x). */
export interface LowRank {
  a: Value // [rank, in]
  b: Value // [out, rank]
  scale: number
}

const dim = (value: Value, axis: number) => value.shape.at(axis) ?? 1

const matrix = (
  g: Graph,
  left: Value,
  right: Value,
  shape: Shape,
  options: { transA?: 1; transB?: 1; alpha?: number } = {},
) => {
  const { alpha = 1, ...transposed } = options
  return g.emit('Gemm', [left, right], shape, { attributes: { ...transposed, alpha: { float: alpha } } })
}

const multiply = (g: Graph, a: Value, b: Value, shape: Shape = a.shape) => g.emit('Mul', [a, b], shape)

export function add(g: Graph, a: Value, b: Value): Value {
  return g.onGradient(g.emit('Add', [a, b], a.shape), (d) => {
    g.accumulate(a, () => d)
    g.accumulate(b, () => d)
  })
}

/** y = factor · x, for a constant factor. */
export function scale(g: Graph, x: Value, factor: number): Value {
  if (factor === 1) return x
  return g.onGradient(multiply(g, x, g.scalar(factor)), (d) =>
    g.accumulate(x, () => multiply(g, d, g.scalar(factor))),
  )
}

/** y = x + offset, for a constant offset. */
export function shift(g: Graph, x: Value, offset: number): Value {
  if (offset === 0) return x
  return g.onGradient(g.emit('Add', [x, g.scalar(offset)], x.shape), (d) => g.accumulate(x, () => d))
}

/** y = x + bias for each row; x [rows, out], bias [out]. */
export function addBias(g: Graph, x: Value, bias: Value): Value {
  return g.onGradient(g.emit('Add', [x, bias], x.shape), (d) => {
    g.accumulate(x, () => d)
    g.accumulate(bias, () =>
      g.emit('ReduceSum', [d, g.ints([0])], bias.shape, { attributes: { keepdims: 0 } }),
    )
  })
}

/** y = x Wᵀ, with x [rows, in] and W [out, in] as Hugging Face stores it. */
export function linear(g: Graph, x: Value, w: Value, lowRank?: LowRank): Value {
  if (lowRank) return adapted(g, x, w, lowRank)
  return g.onGradient(matrix(g, x, w, [dim(x, 0), dim(w, 0)], { transB: 1 }), (d) => {
    g.accumulate(w, () => matrix(g, d, x, w.shape, { transA: 1 }))
    g.accumulate(x, () => matrix(g, d, w, x.shape))
  })
}

/** y = x Wᵀ + scale (x Aᵀ) Bᵀ; W gets a gradient only if it is differentiable. */
function adapted(g: Graph, x: Value, w: Value, { a, b, scale }: LowRank): Value {
  const frozen = matrix(g, x, w, [dim(x, 0), dim(w, 0)], { transB: 1 })
  const narrow = matrix(g, x, a, [dim(x, 0), dim(a, 0)], { transB: 1 }) // [rows, rank]
  const sum = g.emit('Gemm', [narrow, b, frozen], frozen.shape, {
    attributes: { transB: 1, alpha: { float: scale } },
  })
  return g.onGradient(sum, (d) => {
    const dNarrow = matrix(g, d, b, narrow.shape, { alpha: scale })
    g.accumulate(w, () => matrix(g, d, x, w.shape, { transA: 1 }))
    g.accumulate(b, () => matrix(g, d, narrow, b.shape, { transA: 1, alpha: scale }))
    g.accumulate(a, () => matrix(g, dNarrow, x, a.shape, { transA: 1 }))
    g.accumulate(x, () => g.emit('Gemm', [dNarrow, a, matrix(g, d, w, x.shape)], x.shape))
  })
}

/** y = w · x / √(mean(x²) + ε) along the last axis (Zhang & Sennrich 2019). */
export function rmsNorm(g: Graph, x: Value, w: Value, epsilon: number): Value {
  const attributes = { axis: -1, epsilon: { float: epsilon }, stash_type: 1 }
  const y = g.emit('SimplifiedLayerNormalization', [x, w], x.shape, { attributes, extraOutputs: 1 })
  const column: Shape = [dim(x, 0), 1]
  const inverse: Value = { name: `${y.name}:1`, shape: column, dtype: 'float', differentiable: false } // 1 / rms
  return g.onGradient(y, (d) => {
    const unit = multiply(g, x, inverse) // x / rms
    g.accumulate(w, () =>
      g.emit('ReduceSum', [multiply(g, d, unit), g.ints([0])], w.shape, { attributes: { keepdims: 0 } }),
    )
    g.accumulate(x, () => {
      const dUnit = multiply(g, d, w)
      const along = g.emit('ReduceMean', [multiply(g, dUnit, unit)], column, {
        attributes: { axes: [-1], keepdims: 1 },
      })
      return multiply(g, g.emit('Sub', [dUnit, multiply(g, unit, along)], x.shape), inverse)
    })
  })
}

/** y = silu(gate) · up, with silu(z) = z σ(z) (Shazeer 2020). */
export function swiGlu(g: Graph, gate: Value, up: Value): Value {
  const sigmoid = g.emit('Sigmoid', [gate], gate.shape)
  const silu = multiply(g, gate, sigmoid)
  return g.onGradient(multiply(g, silu, up), (d) => {
    g.accumulate(up, () => multiply(g, d, silu))
    g.accumulate(gate, () => {
      // silu′ = σ + silu (1 − σ) = (σ + silu) − silu σ
      const sum = g.emit('Add', [sigmoid, silu], gate.shape)
      const slope = g.emit('Sub', [sum, multiply(g, silu, sigmoid)], gate.shape)
      return multiply(g, multiply(g, d, up), slope)
    })
  })
}

/** y = gelu(gate) · up, with gelu(z) = z (1 + t) / 2 and t = tanh(c (z + 0.044715 z³)), c = √(2/π) (Hendrycks & Gimpel 2016). */
export function geGlu(g: Graph, gate: Value, up: Value): Value {
  const number = (value: number) => g.scalar(value)
  const sum = (a: Value, b: Value) => g.emit('Add', [a, b], gate.shape)
  const c = Math.sqrt(2 / Math.PI)
  const square = multiply(g, gate, gate)
  const inner = sum(multiply(g, square, number(0.044715 * c)), number(c)) // c (1 + 0.044715 z²)
  const t = g.emit('Tanh', [multiply(g, inner, gate)], gate.shape)
  const gelu = multiply(g, multiply(g, gate, number(0.5)), sum(t, number(1)))
  return g.onGradient(multiply(g, gelu, up), (d) => {
    g.accumulate(up, () => multiply(g, d, gelu))
    g.accumulate(gate, () => {
      // gelu′ = (1 + t) / 2 · (1 + z (1 − t) c (1 + 3 · 0.044715 z²))
      const slope = sum(multiply(g, square, number(3 * 0.044715 * c)), number(c))
      const rest = multiply(g, multiply(g, gate, slope), g.emit('Sub', [number(1), t], gate.shape))
      const half = multiply(g, sum(t, number(1)), number(0.5))
      return multiply(g, multiply(g, d, up), multiply(g, half, sum(rest, number(1))))
    })
  })
}

/** At most one dimension of the shape may be a name: ONNX infers it from the others. */
export function reshape(g: Graph, x: Value, shape: Shape): Value {
  const to = (value: Value, target: Shape) => {
    const sizes = target.map((size) => (typeof size === 'number' ? size : -1))
    return g.emit('Reshape', [value, g.ints(sizes)], target)
  }
  return g.onGradient(to(x, shape), (d) => g.accumulate(x, () => to(d, x.shape)))
}

/** Swaps axes 1 and 2 (its own inverse): [batch, time, head, dim] ↔ [batch, head, time, dim]. */
export function swapHeadsAndTime(g: Graph, x: Value): Value {
  const swap = (value: Value) => {
    const [batch = 1, first = 1, second = 1, last = 1] = value.shape
    return g.emit('Transpose', [value], [batch, second, first, last], { attributes: { perm: [0, 2, 1, 3] } })
  }
  return g.onGradient(swap(x), (d) => g.accumulate(x, () => swap(d)))
}

export interface Rotary {
  positions: Value // [batch, time]
  cos: Value // [position, dim / 2]
  sin: Value // [position, dim / 2]
  /** −sin: the gradient of a rotation is the inverse rotation. */
  minusSin: Value
}

/** Rotary position embedding, pairs (i, i + dim/2) (Su et al. 2021); x [batch, time, head · dim]. */
export function rope(g: Graph, x: Value, { positions, cos, sin, minusSin }: Rotary, heads: number): Value {
  const rotate = (value: Value, sine: Value) =>
    g.emit('RotaryEmbedding', [value, positions, cos, sine], x.shape, {
      domain: MICROSOFT,
      attributes: { num_heads: heads, interleaved: 0, rotary_embedding_dim: 0 },
    })
  return g.onGradient(rotate(x, sin), (d) => g.accumulate(x, () => rotate(d, minusSin)))
}

interface Transposed {
  transA?: boolean
  transB?: boolean
  alpha?: number
}

const batched = (g: Graph, a: Value, b: Value, shape: Shape, { transA, transB, alpha = 1 }: Transposed) =>
  g.emit('FusedMatMul', [a, b], shape, {
    domain: MICROSOFT,
    attributes: { transA: Number(transA ?? false), transB: Number(transB ?? false), alpha: { float: alpha } },
  })

/** scores = scale · q kᵀ; q [batch, kvHead, query, dim], k [batch, kvHead, key, dim]. */
export function attentionScores(g: Graph, q: Value, k: Value, scale: number): Value {
  const shape = [dim(q, 0), dim(q, 1), dim(q, 2), dim(k, 2)]
  return g.onGradient(batched(g, q, k, shape, { transB: true, alpha: scale }), (d) => {
    g.accumulate(q, () => batched(g, d, k, q.shape, { alpha: scale }))
    g.accumulate(k, () => batched(g, d, q, k.shape, { transA: true, alpha: scale }))
  })
}

/** mixed = probabilities · v; probabilities [batch, kvHead, query, key], v [batch, kvHead, key, dim]. */
export function attentionMix(g: Graph, probabilities: Value, v: Value): Value {
  const shape = [dim(v, 0), dim(v, 1), dim(probabilities, 2), dim(v, 3)]
  return g.onGradient(batched(g, probabilities, v, shape, {}), (d) => {
    g.accumulate(probabilities, () => batched(g, d, v, probabilities.shape, { transB: true }))
    g.accumulate(v, () => batched(g, probabilities, d, v.shape, { transA: true }))
  })
}

/** softmax(x + mask) along the last axis; the mask [query, key] holds 0 or a large negative number. */
export function maskedSoftmax(g: Graph, x: Value, mask: Value): Value {
  const p = g.emit('Softmax', [g.emit('Add', [x, mask], x.shape)], x.shape, { attributes: { axis: -1 } })
  return g.onGradient(p, (d) =>
    g.accumulate(x, () => {
      const column = [...p.shape.slice(0, -1), 1]
      const sum = g.emit('ReduceSum', [multiply(g, d, p), g.ints([-1])], column, {
        attributes: { keepdims: 1 },
      })
      return multiply(g, g.emit('Sub', [d, sum], p.shape), p)
    }),
  )
}

/** Rows [n, dim] of a table [row, dim] by index [n]; gradients of a repeated row add up. */
export function gatherRows(g: Graph, table: Value, indices: Value): Value {
  const rows = g.emit('Gather', [table, indices], [dim(indices, 0), dim(table, 1)])
  return g.onGradient(rows, (d) =>
    g.accumulate(table, () => {
      const size = g.emit('Shape', [table], [2], { dtype: 'int64' })
      const empty = g.emit('ConstantOfShape', [size], table.shape)
      const column = g.emit('Unsqueeze', [indices, g.ints([-1])], [dim(indices, 0), 1], { dtype: 'int64' })
      return g.emit('ScatterND', [empty, column, d], table.shape, { attributes: { reduction: 'add' } })
    }),
  )
}

export interface Score {
  loss: Value // []
  /** log p(target) */
  logProb: Value // [row, 1]
  argmax: Value // [row, 1]
}

/**
 * loss = −Σ weight · log softmax(logits)[target]. The gradient weight · (p − onehot(target)) is emitted directly, so
 * `backward` must start from this loss.
 * @param logits [row, vocabulary]
 * @param targets [row, 1] token ids
 * @param weights [row, 1], already divided by their sum
 */
export function crossEntropy(g: Graph, logits: Value, targets: Value, weights: Value): Score {
  const column = targets.shape
  const logProbs = g.emit('LogSoftmax', [logits], logits.shape, { attributes: { axis: -1 } })
  const logProb = g.emit('GatherElements', [logProbs, targets], column, { attributes: { axis: 1 } })
  const sum = g.emit('ReduceSum', [multiply(g, logProb, weights)], [], { attributes: { keepdims: 0 } })
  const loss = g.emit('Neg', [sum], [])
  const argmax = g.emit('ArgMax', [logProbs], column, {
    attributes: { axis: 1, keepdims: 1 },
    dtype: 'int64',
  })
  g.onGradient(loss, () =>
    g.accumulate(logits, () => {
      const weighted = multiply(g, g.emit('Exp', [logProbs], logits.shape), weights)
      const minus = g.emit('Neg', [weights], column)
      const attributes = { axis: 1, reduction: 'add' }
      return g.emit('ScatterElements', [weighted, targets, minus], logits.shape, { attributes })
    }),
  )
  return { loss, logProb, argmax }
}
