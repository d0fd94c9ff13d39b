import type { Family, FamilyName } from './families.ts'
import type { Rope } from './rotary.ts'
import { elements, type NamedShape } from './tensors.ts'

/** The parameters of a model that determine its computation. */
export interface Architecture
  extends Pick<Family, 'biases' | 'headNorms' | 'branchNorms' | 'normOffset' | 'activation'> {
  family: FamilyName
  hidden: number
  intermediate: number
  layers: number
  heads: number
  /** Grouped-query attention: `heads / kvHeads` query heads share one key and value head. */
  kvHeads: number
  headDim: number
  vocabulary: number
  /** Maximum sequence length in tokens. */
  context: number
  epsilon: number
  rope: Rope
  /** Layers that attend only to the last `window` tokens, with separate RoPE; null if all layers see all tokens. */
  sliding: { window: number; layers: boolean[]; rope: Rope } | null
  /** The output projection is the embedding matrix (tied embeddings). */
  tied: boolean
  /** Factor on the embeddings. */
  embeddingScale: number
  /** Factor on q · k. */
  attentionScale: number
  /** Factor on the output of attention and feed-forward before the addition. */
  residualScale: number
  /** Factor on the logits. */
  logitScale: number
  /** Token ids that end a turn. */
  ends: number[]
}

/** The norms of one layer, in order of computation. */
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

/** Matrices that multiply the same input have the same product when they are laid one below the other. */
export const productOf = (name: string): string =>
  name.replace(/\.[qkv]_proj\./, '.qkv_proj.').replace(/\.(?:gate|up)_proj\./, '.gate_up_proj.')

/** Shapes of all weights by Hugging Face name. Matrices are [out, in]. */
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
