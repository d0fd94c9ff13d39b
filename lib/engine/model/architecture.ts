import type { Family } from './families.ts'
import type { Rope } from './rotary.ts'
import { elements, type NamedShape } from './tensors.ts'

/** What the mathematics needs to know about a model. */
export interface Architecture
  extends Pick<Family, 'biases' | 'headNorms' | 'branchNorms' | 'normOffset' | 'activation'> {
  hidden: number
  intermediate: number
  layers: number
  heads: number
  /** Grouped-query attention: `heads / kvHeads` query heads share one key and value head. */
  kvHeads: number
  headDim: number
  vocabulary: number
  /** Longest sequence in tokens. */
  context: number
  epsilon: number
  rope: Rope
  /** Layers that see only the last `window` tokens, with a rotation of their own; null where every layer sees all. */
  sliding: { window: number; layers: boolean[]; rope: Rope } | null
  /** The output projection is the embedding matrix. */
  tied: boolean
  /** Embeddings are multiplied by it. */
  embeddingScale: number
  /** q · k is multiplied by it. */
  attentionScale: number
  /** What attention and feed-forward add is multiplied by it. */
  residualScale: number
  /** Logits are multiplied by it. */
  logitScale: number
  /** Tokens that end a turn. */
  ends: number[]
}

/** The norms of one layer, in the order in which they are met. */
const normsOf = ({ branchNorms }: Architecture): string[] =>
  branchNorms
    ? [
        'input_layernorm',
        'post_attention_layernorm',
        'pre_feedforward_layernorm',
        'post_feedforward_layernorm',
      ]
    : ['input_layernorm', 'post_attention_layernorm']

function layerShapes(a: Architecture): NamedShape[] {
  const queries = a.heads * a.headDim
  const keys = a.kvHeads * a.headDim
  const biases: NamedShape[] = [
    ['self_attn.q_proj.bias', [queries]],
    ['self_attn.k_proj.bias', [keys]],
    ['self_attn.v_proj.bias', [keys]],
  ]
  const headNorms: NamedShape[] = [
    ['self_attn.q_norm.weight', [a.headDim]],
    ['self_attn.k_norm.weight', [a.headDim]],
  ]
  return [
    ...normsOf(a).map((name): NamedShape => [`${name}.weight`, [a.hidden]]),
    ['self_attn.q_proj.weight', [queries, a.hidden]],
    ['self_attn.k_proj.weight', [keys, a.hidden]],
    ['self_attn.v_proj.weight', [keys, a.hidden]],
    ...(a.biases ? biases : []),
    ...(a.headNorms ? headNorms : []),
    ['self_attn.o_proj.weight', [a.hidden, queries]],
    ['mlp.gate_proj.weight', [a.intermediate, a.hidden]],
    ['mlp.up_proj.weight', [a.intermediate, a.hidden]],
    ['mlp.down_proj.weight', [a.hidden, a.intermediate]],
  ]
}

export const OUTPUT_PROJECTION = 'lm_head.weight'
export const EMBEDDINGS = 'model.embed_tokens.weight'

/** Every weight of a model by its Hugging Face name. Matrices are [out, in]. */
export function weightShapes(a: Architecture): NamedShape[] {
  const layer = layerShapes(a)
  const inLayer = (index: number): NamedShape[] =>
    layer.map(([name, shape]) => [`model.layers.${index}.${name}`, shape])
  return [
    [EMBEDDINGS, [a.vocabulary, a.hidden]],
    ...Array.from({ length: a.layers }, (_, index) => inLayer(index)).flat(),
    ['model.norm.weight', [a.hidden]],
    ...(a.tied ? [] : ([[OUTPUT_PROJECTION, [a.vocabulary, a.hidden]]] satisfies NamedShape[])),
  ]
}

export const parameterCount = (a: Architecture): number =>
  weightShapes(a).reduce((sum, [, shape]) => sum + elements(shape), 0)
