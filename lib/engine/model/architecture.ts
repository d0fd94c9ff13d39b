import { readFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { AppError } from '#lib/core/errors.ts'
import { reasons } from './reasons.ts'
import { elements, type NamedShape } from './tensors.ts'

const size = z.number().int().positive().max(1_000_000)
const tokenId = z.number().int().nonnegative()

const anything = z.unknown().optional()

/** Keys that say nothing about the mathematics. Any other key is refused rather than ignored. */
const indifferent = {
  architectures: z.tuple([z.literal('LlamaForCausalLM')]).optional(),
  attention_dropout: anything, // no dropout is ever applied: it changes training only, and only if asked for
  bos_token_id: anything,
  pad_token_id: anything,
  initializer_range: anything,
  use_cache: anything,
  torch_dtype: anything,
  dtype: anything,
  transformers_version: anything,
  'transformers.js_config': anything,
  _name_or_path: anything,
  is_llama_config: anything,
}

/** Keys whose only known value is the one under which our graph is right. */
const fixed = {
  model_type: z.literal('llama'),
  hidden_act: z.literal('silu').optional(),
  attention_bias: z.literal(false).optional(),
  mlp_bias: z.literal(false).optional(),
  rope_interleaved: z.literal(false).optional(),
  rope_scaling: z.null().optional(),
  rope_parameters: z
    .strictObject({ rope_theta: z.number().positive(), rope_type: z.literal('default') })
    .optional(),
  sliding_window: z.null().optional(),
  quantization_config: z.null().optional(),
  pretraining_tp: z.literal(1).optional(),
}

/** `config.json` of a Llama-architecture model, in its published spelling. */
const ModelConfig = z.strictObject({
  ...indifferent,
  ...fixed,
  hidden_size: size,
  intermediate_size: size,
  num_hidden_layers: size.max(1000),
  num_attention_heads: size,
  num_key_value_heads: size.optional(),
  head_dim: size.nullish(),
  vocab_size: size,
  rms_norm_eps: z.number().positive(),
  rope_theta: z.number().positive().optional(),
  tie_word_embeddings: z.boolean().default(false),
  max_position_embeddings: size,
  eos_token_id: z.union([tokenId, z.array(tokenId)]).optional(),
})

/** What the mathematics needs to know about a model. */
export interface Architecture {
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
  ropeTheta: number
  /** The output projection is the embedding matrix. */
  tied: boolean
  /** Tokens that end a turn. */
  ends: number[]
}

/**
 * Reads a model folder's `config.json`.
 * @throws AppError `invalid`, naming the key, for any architecture or setting the engine would compute wrongly
 */
export function readModelConfig(folder: string): Architecture {
  return parseModelConfig(JSON.parse(readFileSync(path.join(folder, 'config.json'), 'utf8')))
}

/** @see readModelConfig */
export function parseModelConfig(json: unknown): Architecture {
  const parsed = ModelConfig.safeParse(json)
  if (!parsed.success)
    throw new AppError('invalid', { message: `This model cannot be used: ${reasons(parsed.error)}` })
  const config = parsed.data
  const architecture: Architecture = {
    hidden: config.hidden_size,
    intermediate: config.intermediate_size,
    layers: config.num_hidden_layers,
    heads: config.num_attention_heads,
    kvHeads: config.num_key_value_heads ?? config.num_attention_heads,
    headDim: config.head_dim ?? config.hidden_size / config.num_attention_heads,
    vocabulary: config.vocab_size,
    context: config.max_position_embeddings,
    epsilon: config.rms_norm_eps,
    ropeTheta: config.rope_parameters?.rope_theta ?? config.rope_theta ?? 10_000,
    tied: config.tie_word_embeddings,
    ends: [config.eos_token_id ?? []].flat(),
  }
  if (architecture.heads % architecture.kvHeads !== 0 || architecture.headDim % 2 !== 0)
    throw new AppError('invalid', {
      message: 'This model cannot be used: its attention heads do not divide evenly.',
    })
  return architecture
}

/** Every weight of a model by its Hugging Face name. Matrices are [out, in]. */
export function weightShapes(a: Architecture): NamedShape[] {
  const queries = a.heads * a.headDim
  const keys = a.kvHeads * a.headDim
  const layer = (index: number): NamedShape[] =>
    (
      [
        ['input_layernorm', [a.hidden]],
        ['self_attn.q_proj', [queries, a.hidden]],
        ['self_attn.k_proj', [keys, a.hidden]],
        ['self_attn.v_proj', [keys, a.hidden]],
        ['self_attn.o_proj', [a.hidden, queries]],
        ['post_attention_layernorm', [a.hidden]],
        ['mlp.gate_proj', [a.intermediate, a.hidden]],
        ['mlp.up_proj', [a.intermediate, a.hidden]],
        ['mlp.down_proj', [a.hidden, a.intermediate]],
      ] satisfies NamedShape[]
    ).map(([name, shape]) => [`model.layers.${index}.${name}.weight`, shape])
  return [
    ['model.embed_tokens.weight', [a.vocabulary, a.hidden]],
    ...Array.from({ length: a.layers }, (_, index) => layer(index)).flat(),
    ['model.norm.weight', [a.hidden]],
    ...(a.tied ? [] : ([['lm_head.weight', [a.vocabulary, a.hidden]]] satisfies NamedShape[])),
  ]
}

export const parameterCount = (a: Architecture): number =>
  weightShapes(a).reduce((sum, [, shape]) => sum + elements(shape), 0)
