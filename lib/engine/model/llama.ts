/**
 * The Llama architecture (Touvron et al. 2023) and its relatives in families.ts, as two graphs: one for training, one
 * for generation.
 * Time is a named dimension, so one session serves every length; the batch size is fixed in the training graph only.
 * Weights are inputs where training updates them in place, and where many fine-tuned models share one session.
 */
import { type Architecture, EMBEDDINGS, OUTPUT_PROJECTION, productOf, weightShapes } from './architecture.ts'
import * as decoding from './decoding-operations.ts'
import { Graph, type Value } from './graph.ts'
import { factorNames, type Lora, loraShapes, productFactorShapes } from './lora.ts'
import type { Dimension } from './onnx.ts'
import * as op from './operations.ts'
import { BLOCK, type QuantisedMatrix, type QuantisedPlaces } from './quantise.ts'
import type { FloatWeights } from './stored-floats.ts'

/** Prefix of the input names for sliding-window layers. */
export const SLIDING = 'sliding '

export const gradientOf = (name: string) => `gradient ${name}`
export const pastOf = (layer: number, name: 'k' | 'v') => `past ${layer} ${name}`
export const addedOf = (layer: number, name: 'k' | 'v') => `added ${layer} ${name}`

/** Everything a layer needs besides its input. */
interface Model {
  g: Graph
  a: Architecture
  weight: (name: string) => Value
  /** x Wᵀ for each matrix by name, with its adapter. */
  products: (x: Value, names: readonly string[]) => Value[]
  /** Prefix of the inputs that tell a layer its positions: sliding-window layers have their own. */
  prefix: (layer: number) => string
  rotary: (prefix: string) => op.Rotary
  /** Rows of any shape → [batch, time, width]. */
  sequences: (x: Value, width: number) => Value
  /** Mixes the values by queries and keys; all [batch, time, head · dim]. */
  attend: (q: Value, k: Value, v: Value, layer: number) => Value
}

/** w · x / rms(x), with 1 + w in families whose norms are offset by one. */
const norm = ({ g, a, weight }: Model, x: Value, name: string): Value =>
  op.rmsNorm(g, x, op.shift(g, weight(`${name}.weight`), a.normOffset), a.epsilon)

/** Normalises each head [dim] separately; x [batch, time, head · dim]. */
function headNorm(model: Model, x: Value, name: string, heads: number): Value {
  const { g, a, sequences } = model
  if (!a.headNorms) return x
  return sequences(norm(model, op.reshape(g, x, ['rows · heads', a.headDim]), name), heads * a.headDim)
}

/** x Wᵀ for each module, with its bias. */
function project(model: Model, x: Value, modules: readonly string[]): Value[] {
  const { g, a, weight, products } = model
  const matrices = modules.map((module) => `${module}.weight`)
  return products(x, matrices).map((y, index) => {
    const module = modules[index] ?? ''
    return a.biases && /[qkv]_proj$/.test(module) ? op.addBias(g, y, weight(`${module}.bias`)) : y
  })
}

/** Scaled dot-product attention with grouped queries. */
function attention(model: Model, x: Value, layer: number): Value {
  const { g, a } = model
  const rotary = model.rotary(model.prefix(layer))
  const module = (name: string) => `model.layers.${layer}.self_attn.${name}`
  const [q, k, v] = project(model, x, ['q_proj', 'k_proj', 'v_proj'].map(module)) as [Value, Value, Value]
  const flat = (value: Value, heads: number) => model.sequences(value, heads * a.headDim) // [batch, time, head · dim]
  const rotated = (value: Value, name: string, heads: number) =>
    op.rope(g, headNorm(model, flat(value, heads), module(name), heads), rotary, heads)
  const heads = [rotated(q, 'q_norm', a.heads), rotated(k, 'k_norm', a.kvHeads), flat(v, a.kvHeads)] as const
  const mixed = op.reshape(g, model.attend(...heads, layer), ['rows', a.heads * a.headDim])
  return project(model, mixed, [module('o_proj')])[0] as Value // [batch · time, hidden]
}

/** Attention of whole sequences with a mask; keys and values are never repeated. */
function maskedAttention(g: Graph, a: Architecture, batch: number, mask: Value) {
  const byHead = (value: Value, heads: number) =>
    op.swapHeadsAndTime(g, op.reshape(g, value, [batch, 'time', heads, a.headDim])) // [batch, head, time, dim]
  return (flatQ: Value, flatK: Value, flatV: Value): Value => {
    // Concatenate the queries of one group along time, so that one product with their shared key covers them all.
    const q = op.reshape(g, byHead(flatQ, a.heads), [batch, a.kvHeads, 'group · query', a.headDim])
    const k = byHead(flatK, a.kvHeads) // [batch, kvHead, key, dim]
    const v = byHead(flatV, a.kvHeads) // [batch, kvHead, key, dim]
    const scores = op.attentionScores(g, q, k, a.attentionScale) // [batch, kvHead, group · query, key]
    const mixed = op.attentionMix(g, op.maskedSoftmax(g, scores, mask), v) // [batch, kvHead, group · query, dim]
    return op.swapHeadsAndTime(g, op.reshape(g, mixed, [batch, a.heads, 'time', a.headDim])) // [batch, time, head, dim]
  }
}

function feedForward(model: Model, x: Value, layer: number): Value {
  const { g, a } = model
  const module = (name: string) => `model.layers.${layer}.mlp.${name}`
  const gated = a.activation === 'silu' ? op.swiGlu : op.geGlu
  const [gate, up] = project(model, x, ['gate_proj', 'up_proj'].map(module)) as [Value, Value]
  const inner = gated(g, gate, up) // [batch · time, intermediate]
  return project(model, inner, [module('down_proj')])[0] as Value // [batch · time, hidden]
}

/** Both branches of a layer, with the norm before each and, in some families, after each. */
function decoderLayer(model: Model, x: Value, layer: number): Value {
  const { g, a } = model
  const normed = (value: Value, name: string) => norm(model, value, `model.layers.${layer}.${name}_layernorm`)
  const behind = (value: Value, name: string) => (a.branchNorms ? normed(value, name) : value)
  const plus = (value: Value, branch: Value) => op.add(g, value, op.scale(g, branch, a.residualScale))
  const attended = plus(x, behind(attention(model, normed(x, 'input'), layer), 'post_attention'))
  const before = a.branchNorms ? 'pre_feedforward' : 'post_attention'
  return plus(attended, behind(feedForward(model, normed(attended, before), layer), 'post_feedforward'))
}

/** embedded tokens [batch · time, hidden] → hidden states before the final norm [batch · time, hidden] */
function transformer(model: Model, embedded: Value): Value {
  const { g, a } = model
  let x = op.scale(g, embedded, a.embeddingScale)
  for (let layer = 0; layer < a.layers; layer++) x = decoderLayer(model, x, layer)
  return x
}

/** hidden states [row, hidden] → logits [row, vocabulary] */
function head(model: Model, x: Value): Value {
  const { g, a, products } = model
  const [logits] = products(norm(model, x, 'model.norm'), [a.tied ? EMBEDDINGS : OUTPUT_PROJECTION])
  return op.scale(g, logits as Value, a.logitScale)
}

interface Options {
  batch: Dimension
  lora: { rank: number; scale: number; targets: Lora['targets'] } | null
  trainWeights: boolean
  /** Weights that are constants of the graph; the others are inputs. */
  stored: StoredWeights | null
}

/** Weights that a session holds: all in float32, or the matrices in 8 bits. */
type StoredWeights =
  | { floats: FloatWeights['places'] }
  /** `adaptable`: with an adapter of any rank beside them. */
  | { quantised: QuantisedPlaces; adaptable: boolean }

/** Declares the inputs common to both graphs. */
function open(
  g: Graph,
  a: Architecture,
  { batch, lora, trainWeights, stored }: Options,
): Omit<Model, 'attend' | 'sequences'> & { positions: Value } {
  const rounded = stored && 'quantised' in stored ? stored : null
  const floats = stored && 'floats' in stored ? stored.floats : rounded?.quantised.vectors
  const shapes = weightShapes(a)
  const outs = new Map(shapes.map(([name, [out = 0]]) => [name, out]))
  const weights = new Map<string, Value>()
  const declare = (name: string, shape: readonly Dimension[], trained: boolean) =>
    weights.set(name, g.input(name, shape, 'float', trained))
  for (const [name, shape] of shapes) {
    const place = floats?.get(name)
    if (place) weights.set(name, g.stored(name, shape, 'float', place))
    else if (!rounded) declare(name, shape, trainWeights)
  }
  for (const [name, shape] of lora ? loraShapes(a, lora) : []) declare(name, shape, true)
  for (const [name, shape] of rounded?.adaptable ? productFactorShapes(a) : []) declare(name, shape, false)
  const weight = (name: string) => weights.get(name) as Value // every name comes from the shapes
  const lowRank = (name: string) => {
    const factors = factorNames(name)
    return weights.has(factors.a)
      ? { a: weight(factors.a), b: weight(factors.b), scale: lora?.scale ?? 1 }
      : undefined
  }
  const positions = g.input('positions', [batch, 'time'], 'int64')
  const table = (name: string) => g.input(name, ['position', a.headDim / 2])
  const tables = (prefix: string): op.Rotary => ({
    positions,
    cos: table(`${prefix}cos`),
    sin: table(`${prefix}sin`),
    minusSin: table(`${prefix}minusSin`),
  })
  const rotaries = new Map(prefixesOf(a).map((prefix) => [prefix, tables(prefix)]))
  return {
    g,
    a,
    positions,
    weight,
    products: (x, names) => {
      const product = productOf(names[0] ?? '')
      const matrix = rounded?.quantised.matrices.get(product)
      if (!matrix) return names.map((name) => op.linear(g, x, weight(name), lowRank(name)))
      const y = decoding.quantisedLinear(g, x, storedMatrix(g, product, matrix), lowRank(product))
      return decoding.parts(
        g,
        y,
        names.map((name) => outs.get(name) ?? 0),
      )
    },
    prefix: (layer) => (a.sliding?.layers[layer] ? SLIDING : ''),
    rotary: (prefix) => rotaries.get(prefix) as op.Rotary,
  }
}

const prefixesOf = (a: Architecture): string[] => (a.sliding ? ['', SLIDING] : [''])

function storedMatrix(g: Graph, name: string, matrix: QuantisedMatrix): decoding.Quantised {
  const blocks = Math.ceil(matrix.in / BLOCK)
  return {
    ...matrix,
    numbers: g.stored(`${name} numbers`, [matrix.out, blocks, BLOCK], 'uint8', matrix.numbers),
    scales: g.stored(`${name} scales`, [matrix.out * blocks], 'float', matrix.scales),
  }
}

const fixedRank = (lora: Lora | null) => lora && { ...lora, scale: lora.alpha / lora.rank }

/**
 * One training step: forward and, with `gradients`, backward.
 * Inputs besides weights, rotary tables and masks: `ids` [batch · time]; `rows` [row], the positions that predict a
 * target with a weight (logits are computed only for these); `targets` and `weights` [row, 1].
 * Outputs: `loss` [], `logProb` and `argmax` [row, 1], and the gradients of all trained parameters:
 * the adapter's factors, or every weight if there is no adapter.
 */
export function trainingGraph(
  a: Architecture,
  batch: number,
  lora: Lora | null,
  gradients: boolean,
): Uint8Array {
  const g = new Graph()
  const trainWeights = gradients && !lora
  const opened = open(g, a, { batch, lora: fixedRank(lora), trainWeights, stored: null })
  const masks = new Map(
    prefixesOf(a).map((prefix) => [prefix, g.input(`${prefix}mask`, ['group · query', 'key'])]),
  )
  const attend: Model['attend'] = (q, k, v, layer) =>
    maskedAttention(g, a, batch, masks.get(opened.prefix(layer)) as Value)(q, k, v)
  const sequences: Model['sequences'] = (x, width) => op.reshape(g, x, [batch, 'time', width])
  const model = { ...opened, attend, sequences }
  const ids = g.input('ids', ['rows'], 'int64')
  const rows = g.input('rows', ['row'], 'int64')
  const targets = g.input('targets', ['row', 1], 'int64')
  const weights = g.input('weights', ['row', 1])
  const hidden = transformer(model, op.gatherRows(g, model.weight(EMBEDDINGS), ids))
  const logits = head(model, op.gatherRows(g, hidden, rows))
  const { loss, logProb, argmax } = op.crossEntropy(g, logits, targets, weights)
  g.output('loss', loss)
  g.output('logProb', logProb)
  g.output('argmax', argmax)
  if (gradients) {
    g.backward(loss)
    for (const [name] of trainedShapes(a, lora)) g.output(gradientOf(name), g.gradient(model.weight(name)))
  }
  return g.encode()
}

const trainedShapes = (a: Architecture, lora: Lora | null) => (lora ? loraShapes(a, lora) : weightShapes(a))

/**
 * Reads [time] tokens of each row after its cached ones and predicts the next.
 * Inputs besides weights and rotary tables: `ids` [batch · time], or with weights of 8 bits `embedded` [batch · time,
 * hidden]; for each layer the cache [batch, kvHead, capacity, dim]; `total` and `last`, see KvInputs; `rows` [row], the
 * tokens after which to predict. Outputs: `logits` [row, vocabulary], and what to add to the cache, [batch, time,
 * kvHead · dim] each. ONNX Runtime reads several rows only by one token each (GroupQueryAttention), or a row alone.
 * Weights of 8 bits may come with an adapter of any rank beside them: see `productFactors`.
 */
export function decodingGraph(
  a: Architecture,
  { lora, stored }: { lora: Lora | null; stored: StoredWeights | null },
): Uint8Array {
  const g = new Graph()
  const quantised = stored !== null && 'quantised' in stored
  const opened = open(g, a, { batch: 'batch', lora: fixedRank(lora), trainWeights: false, stored })
  const total = g.input('total', [], 'int32')
  const last = g.input('last', ['batch'], 'int32')
  const attend: Model['attend'] = (q, k, v, layer) => {
    const past = (name: 'k' | 'v') =>
      g.input(pastOf(layer, name), ['batch', a.kvHeads, 'capacity', decoding.cachedDim(a.headDim)])
    const added: decoding.KvInputs['added'] = [addedOf(layer, 'k'), addedOf(layer, 'v')]
    const window = a.sliding?.layers[layer] ? a.sliding.window : -1
    const cache = { past: [past('k'), past('v')] as decoding.KvInputs['past'], added, total, last }
    return decoding.cachedAttention(g, [q, k, v], cache, { ...a, scale: a.attentionScale, window })
  }
  const model = { ...opened, attend, sequences: decoding.sequences(g, opened.positions) }
  const embedded = quantised
    ? g.input('embedded', ['rows', a.hidden])
    : op.gatherRows(g, model.weight(EMBEDDINGS), g.input('ids', ['rows'], 'int64'))
  const rows = g.input('rows', ['row'], 'int64')
  g.output('logits', head(model, op.gatherRows(g, transformer(model, embedded), rows)))
  return g.encode()
}

/**
 * 0 where a query attends, a large negative number for future keys and keys outside the window; repeated
 * for each head of a group.
 */
export function causalMask(group: number, time: number, window = Infinity): Float32Array<ArrayBuffer> {
  const mask = new Float32Array(group * time * time) // [group · query, key]
  for (let row = 0; row < group * time; row++) {
    const first = row * time
    const query = row % time
    mask.fill(-1e9, first + query + 1, first + time)
    mask.fill(-1e9, first, first + Math.max(0, query + 1 - window))
  }
  return mask
}
