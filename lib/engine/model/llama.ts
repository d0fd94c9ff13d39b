/**
 * The Llama architecture (Touvron et al. 2023) and its relatives in families.ts, as two graphs: one for training, one
 * for generation.
 * Time is a named dimension, so one session serves every length; the batch size is fixed in the graph.
 * Weights are inputs: training updates them in place, and many fine-tuned models share one session.
 */
import { type Architecture, EMBEDDINGS, OUTPUT_PROJECTION, weightShapes } from './architecture.ts'
import { Graph, type Value } from './graph.ts'
import { factorNames, type Lora, loraShapes } from './lora.ts'
import * as op from './operations.ts'

/** Prefix of the input names for sliding-window layers. */
export const SLIDING = 'sliding '

export const gradientOf = (name: string) => `gradient ${name}`
export const pastOf = (layer: number, name: 'k' | 'v') => `past ${layer} ${name}`
export const presentOf = (layer: number, name: 'k' | 'v') => `present ${layer} ${name}`

interface Place {
  rotary: op.Rotary
  mask: Value // [group · query, key]
}

/** Everything a layer needs besides its input. */
interface Model {
  g: Graph
  a: Architecture
  batch: number
  weight: (name: string) => Value
  project: (x: Value, module: string) => Value
  /** Positions and mask; sliding-window layers have their own. */
  place: Place
  slidingPlace: Place
  /** Prepends the cached keys or values to the new ones. */
  remember: (layer: number, name: 'k' | 'v', value: Value) => Value
}

/** w · x / rms(x), with 1 + w in families whose norms are offset by one. */
const norm = ({ g, a, weight }: Model, x: Value, name: string): Value =>
  op.rmsNorm(g, x, op.shift(g, weight(`${name}.weight`), a.normOffset), a.epsilon)

/** Normalises each head [dim] separately; x [batch, time, head · dim]. */
function headNorm(model: Model, x: Value, name: string): Value {
  const { g, a } = model
  if (!a.headNorms) return x
  return op.reshape(g, norm(model, op.reshape(g, x, ['rows · heads', a.headDim]), name), x.shape)
}

/** Scaled dot-product attention with grouped queries; keys and values are never repeated. */
function attention(model: Model, x: Value, layer: number): Value {
  const { g, a, batch } = model
  const { rotary, mask } = a.sliding?.layers[layer] ? model.slidingPlace : model.place
  const module = (name: string) => `model.layers.${layer}.self_attn.${name}`
  const flat = (name: string, heads: number) =>
    op.reshape(g, model.project(x, module(`${name}_proj`)), [batch, 'time', heads * a.headDim]) // [batch, time, head · dim]
  const byHead = (value: Value, heads: number) =>
    op.swapHeadsAndTime(g, op.reshape(g, value, [batch, 'time', heads, a.headDim])) // [batch, head, time, dim]
  const rotated = (name: string, heads: number) =>
    byHead(op.rope(g, headNorm(model, flat(name, heads), module(`${name}_norm`)), rotary, heads), heads)
  // Concatenate the queries of one group along time, so that one product with their shared key covers them all.
  const q = op.reshape(g, rotated('q', a.heads), [batch, a.kvHeads, 'group · query', a.headDim])
  const k = model.remember(layer, 'k', rotated('k', a.kvHeads)) // [batch, kvHead, key, dim]
  const v = model.remember(layer, 'v', byHead(flat('v', a.kvHeads), a.kvHeads)) // [batch, kvHead, key, dim]
  const scores = op.attentionScores(g, q, k, a.attentionScale) // [batch, kvHead, group · query, key]
  const mixed = op.attentionMix(g, op.maskedSoftmax(g, scores, mask), v) // [batch, kvHead, group · query, dim]
  const heads = op.swapHeadsAndTime(g, op.reshape(g, mixed, [batch, a.heads, 'time', a.headDim])) // [batch, time, head, dim]
  return model.project(op.reshape(g, heads, ['rows', a.heads * a.headDim]), module('o_proj')) // [batch · time, hidden]
}

function feedForward({ g, a, project }: Model, x: Value, layer: number): Value {
  const module = (name: string) => `model.layers.${layer}.mlp.${name}`
  const gated = a.activation === 'silu' ? op.swiGlu : op.geGlu
  const inner = gated(g, project(x, module('gate_proj')), project(x, module('up_proj'))) // [batch · time, intermediate]
  return project(inner, module('down_proj')) // [batch · time, hidden]
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

/** ids [batch · time] → hidden states before the final norm [batch · time, hidden] */
function transformer(model: Model, ids: Value): Value {
  const { g, a, weight } = model
  let x = op.scale(g, op.gatherRows(g, weight(EMBEDDINGS), ids), a.embeddingScale)
  for (let layer = 0; layer < a.layers; layer++) x = decoderLayer(model, x, layer)
  return x
}

/** hidden states [row, hidden] → logits [row, vocabulary] */
function head(model: Model, x: Value): Value {
  const { g, a, weight } = model
  const logits = op.linear(g, norm(model, x, 'model.norm'), weight(a.tied ? EMBEDDINGS : OUTPUT_PROJECTION))
  return op.scale(g, logits, a.logitScale)
}

/** Declares the inputs common to both graphs. */
function open(g: Graph, a: Architecture, batch: number, lora: Lora | null, trainWeights: boolean): Model {
  const inputs = new Map<string, Value>()
  for (const [name, shape] of weightShapes(a)) inputs.set(name, g.input(name, shape, 'float', trainWeights))
  for (const [name, shape] of lora ? loraShapes(a, lora) : [])
    inputs.set(name, g.input(name, shape, 'float', true))
  const weight = (name: string) => inputs.get(name) as Value // every name comes from weightShapes or loraShapes
  const lowRank = (name: string) => {
    const factors = factorNames(name)
    return lora && inputs.has(factors.a)
      ? { a: weight(factors.a), b: weight(factors.b), scale: lora.alpha / lora.rank }
      : undefined
  }
  const table = (name: string) => g.input(name, ['position', a.headDim / 2])
  const positions = g.input('positions', [batch, 'time'], 'int64')
  const place = (prefix: string): Place => ({
    rotary: {
      positions,
      cos: table(`${prefix}cos`),
      sin: table(`${prefix}sin`),
      minusSin: table(`${prefix}minusSin`),
    },
    mask: g.input(`${prefix}mask`, ['group · query', 'key']),
  })
  const project = (x: Value, module: string) => {
    const product = op.linear(g, x, weight(`${module}.weight`), lowRank(`${module}.weight`))
    const bias = inputs.get(`${module}.bias`)
    return bias ? op.addBias(g, product, bias) : product
  }
  const whole = place('')
  return {
    g,
    a,
    batch,
    weight,
    project,
    place: whole,
    slidingPlace: a.sliding ? place(SLIDING) : whole,
    remember: (_layer, _name, value) => value,
  }
}

/**
 * One training step: forward and, with `gradients`, backward.
 * Inputs besides weights, rotary tables and mask: `ids` [batch · time]; `rows` [row], the positions that predict a
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
  const model = open(g, a, batch, lora, gradients && !lora)
  const ids = g.input('ids', ['rows'], 'int64')
  const rows = g.input('rows', ['row'], 'int64')
  const targets = g.input('targets', ['row', 1], 'int64')
  const weights = g.input('weights', ['row', 1])
  const logits = head(model, op.gatherRows(g, transformer(model, ids), rows))
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

export const trainedShapes = (a: Architecture, lora: Lora | null) =>
  lora ? loraShapes(a, lora) : weightShapes(a)

/**
 * Processes `ids` [time] after the cached tokens and predicts the next token.
 * Inputs besides weights, rotary tables and mask: `ids`, and for each layer the past keys and values
 * [1, kvHead, past, dim]. Outputs: `logits` of the last token [1, vocabulary], and the updated cache.
 */
export function decodingGraph(a: Architecture, lora: Lora | null): Uint8Array {
  const g = new Graph()
  const remember = (layer: number, name: 'k' | 'v', value: Value) => {
    const past = g.input(pastOf(layer, name), [1, a.kvHeads, 'past', a.headDim])
    const all = g.emit('Concat', [past, value], [1, a.kvHeads, 'key', a.headDim], { attributes: { axis: 2 } })
    g.output(presentOf(layer, name), all)
    return all
  }
  const model = { ...open(g, a, 1, lora, false), remember }
  const x = transformer(model, g.input('ids', ['rows'], 'int64'))
  const last = g.emit('Gather', [x, g.ints([-1])], [1, a.hidden])
  g.output('logits', head(model, last))
  return g.encode()
}

/**
 * 0 where a query attends, a large negative number for future keys and keys outside the window; repeated
 * for each head of a group.
 */
export function causalMask(
  group: number,
  past: number,
  time: number,
  window = Infinity,
): Float32Array<ArrayBuffer> {
  const keys = past + time
  const mask = new Float32Array(group * time * keys) // [group · time, past + time]
  for (let row = 0; row < group * time; row++) {
    const first = row * keys
    const query = past + (row % time)
    mask.fill(-1e9, first + query + 1, first + keys)
    mask.fill(-1e9, first, first + Math.max(0, query + 1 - window))
  }
  return mask
}
