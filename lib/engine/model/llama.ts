/**
 * The Llama architecture (Touvron et al. 2023) as two graphs: one trains, one generates.
 * Time is a named dimension, so that one session serves every length; batch is a size of the graph.
 * Weights are inputs: training changes them in place, and many fine-tuned models share one session.
 */
import { type Architecture, weightShapes } from './architecture.ts'
import { Graph, type Value } from './graph.ts'
import { factorNames, type Lora, loraShapes } from './lora.ts'
import * as op from './operations.ts'

export const gradientOf = (name: string) => `gradient ${name}`
export const pastOf = (layer: number, name: 'k' | 'v') => `past ${layer} ${name}`
export const presentOf = (layer: number, name: 'k' | 'v') => `present ${layer} ${name}`

/** Everything a layer needs besides its own input. */
interface Model {
  g: Graph
  a: Architecture
  batch: number
  weight: (name: string) => Value
  project: (x: Value, module: string) => Value
  rotary: op.Rotary
  mask: Value // [group · query, key]
  /** Puts what was computed before in front of the new keys and values. */
  remember: (layer: number, name: 'k' | 'v', value: Value) => Value
}

/** Scaled dot-product attention with grouped queries; keys and values are never repeated. */
function attention(model: Model, x: Value, layer: number): Value {
  const { g, a, batch } = model
  const module = (name: string) => `model.layers.${layer}.self_attn.${name}`
  const split = (name: string, heads: number, rotate: boolean) => {
    const flat = op.reshape(g, model.project(x, module(name)), [batch, 'time', heads * a.headDim]) // [batch, time, head · dim]
    const turned = rotate ? op.rope(g, flat, model.rotary, heads) : flat
    return op.swapHeadsAndTime(g, op.reshape(g, turned, [batch, 'time', heads, a.headDim])) // [batch, head, time, dim]
  }
  // The queries of one group lie behind each other in time, so that they meet their shared key in one product.
  const q = op.reshape(g, split('q_proj', a.heads, true), [batch, a.kvHeads, 'group · query', a.headDim])
  const k = model.remember(layer, 'k', split('k_proj', a.kvHeads, true)) // [batch, kvHead, key, dim]
  const v = model.remember(layer, 'v', split('v_proj', a.kvHeads, false)) // [batch, kvHead, key, dim]
  const scores = op.attentionScores(g, q, k, 1 / Math.sqrt(a.headDim)) // [batch, kvHead, group · query, key]
  const mixed = op.attentionMix(g, op.maskedSoftmax(g, scores, model.mask), v) // [batch, kvHead, group · query, dim]
  const heads = op.swapHeadsAndTime(g, op.reshape(g, mixed, [batch, a.heads, 'time', a.headDim])) // [batch, time, head, dim]
  return model.project(op.reshape(g, heads, ['rows', a.heads * a.headDim]), module('o_proj')) // [batch · time, hidden]
}

function feedForward({ g, project }: Model, x: Value, layer: number): Value {
  const module = (name: string) => `model.layers.${layer}.mlp.${name}`
  const inner = op.swiGlu(g, project(x, module('gate_proj')), project(x, module('up_proj'))) // [batch · time, intermediate]
  return project(inner, module('down_proj')) // [batch · time, hidden]
}

/** ids [batch · time] → hidden states before the last norm [batch · time, hidden] */
function transformer(model: Model, ids: Value): Value {
  const { g, a, weight } = model
  let x = op.gatherRows(g, weight('model.embed_tokens.weight'), ids)
  for (let layer = 0; layer < a.layers; layer++) {
    const norm = (name: string) => op.rmsNorm(g, x, weight(`model.layers.${layer}.${name}.weight`), a.epsilon)
    x = op.add(g, x, attention(model, norm('input_layernorm'), layer))
    x = op.add(g, x, feedForward(model, norm('post_attention_layernorm'), layer))
  }
  return x
}

/** hidden states [row, hidden] → logits [row, vocabulary] */
function head({ g, a, weight }: Model, x: Value): Value {
  const normed = op.rmsNorm(g, x, weight('model.norm.weight'), a.epsilon)
  return op.linear(g, normed, weight(a.tied ? 'model.embed_tokens.weight' : 'lm_head.weight'))
}

/** Declares the inputs that both graphs share. */
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
  return {
    g,
    a,
    batch,
    weight,
    project: (x, module) => op.linear(g, x, weight(`${module}.weight`), lowRank(`${module}.weight`)),
    rotary: {
      positions: g.input('positions', [batch, 'time'], 'int64'),
      cos: table('cos'),
      sin: table('sin'),
      minusSin: table('minusSin'),
    },
    mask: g.input('mask', ['group · query', 'key']),
    remember: (_layer, _name, value) => value,
  }
}

/**
 * One training step, forward and (with `gradients`) backward.
 * Inputs besides weights, rotary tables and mask: `ids` [batch · time]; `rows` [row], the positions that predict a
 * target with a weight (the product with the vocabulary is computed for those alone); `targets` and `weights` [row, 1].
 * Outputs: `loss` [], `logProb` and `argmax` [row, 1], and the gradient of everything that is trained:
 * the adapter, or without one every weight.
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
 * Reads `ids` [time] after what the cache remembers, and says what comes next.
 * Inputs besides weights, rotary tables and mask: `ids`, and for each layer the past keys and values
 * [1, kvHead, past, dim]. Outputs: `logits` of the last token [1, vocabulary], and the cache for the next call.
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

/** cos and sin of position / θ^(2i/dim), each [positions, dim / 2]. */
export function rotaryTables({ headDim, ropeTheta }: Architecture, positions: number) {
  const half = headDim / 2
  const table = (of: (angle: number) => number) =>
    Float32Array.from({ length: positions * half }, (_, index) =>
      of(Math.floor(index / half) / ropeTheta ** ((2 * (index % half)) / headDim)),
    )
  return { cos: table(Math.cos), sin: table(Math.sin), minusSin: table((angle) => -Math.sin(angle)) }
}

/** 0 where a query may look, a very negative number where a key lies in its future; repeated for each head of a group. */
export function causalMask(group: number, past: number, time: number): Float32Array<ArrayBuffer> {
  const keys = past + time
  const mask = new Float32Array(group * time * keys) // [group · time, past + time]
  for (let row = 0; row < group * time; row++)
    mask.fill(-1e9, row * keys + past + (row % time) + 1, (row + 1) * keys)
  return mask
}
