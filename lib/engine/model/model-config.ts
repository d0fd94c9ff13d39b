import { readFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { AppError } from '#lib/core/errors.ts'
import type { Architecture } from './architecture.ts'
import { families, familyNames } from './families.ts'
import { readEndTokens } from './generation-config.ts'
import { reasons } from './reasons.ts'
import type { Rope } from './rotary.ts'

const size = z.number().int().positive().max(1_000_000)
const positive = z.number().positive()
const tokenId = z.number().int().nonnegative()

const anything = z.unknown().optional()

/** Keys that do not affect the computation. */
const indifferent = {
  _attn_implementation: anything,
  _from_model_config: anything,
  _model_name_or_path: anything,
  _name_or_path: anything,
  activation: anything, // Falcon3's, besides hidden_act
  attention_dropout: anything, // no dropout is ever applied: it affects only training, and only on request
  auto_map: anything,
  bos_token_id: anything,
  cache_implementation: anything,
  dtype: anything,
  embd_pdrop: anything,
  initializer_range: anything,
  is_llama_config: anything,
  output_attentions: anything,
  output_hidden_states: anything,
  pad_token_id: anything,
  pretraining_tp: anything, // how a matrix product is split
  resid_pdrop: anything,
  tokenizer_class: anything,
  torch_dtype: anything,
  'transformers.js_config': anything,
  transformers_version: anything,
  unk_token_id: anything,
  use_cache: anything,
}

/** Keys that must have the one value that our graph implements. */
const fixed = {
  attention_bias: z.literal(false).optional(),
  mlp_bias: z.literal(false).optional(),
  lm_head_bias: z.literal(false).optional(),
  rope_interleaved: z.literal(false).optional(),
  use_mrope: z.literal(false).optional(),
  use_bidirectional_attention: z.literal(false).optional(),
  use_sliding_window: z.literal(false).optional(),
  quantization_config: z.null().optional(),
  attn_logit_softcapping: z.null().optional(),
  final_logit_softcapping: z.null().optional(),
  partial_rotary_factor: z.literal(1).optional(),
}

const PlainRope = z.strictObject({
  rope_theta: positive.optional(),
  rope_type: z.literal('default'),
  type: z.literal('default').optional(),
  partial_rotary_factor: z.literal(1).optional(),
})
const LinearRope = PlainRope.extend({
  rope_type: z.literal('linear'),
  type: z.literal('linear').optional(),
  factor: positive,
})
const Llama3Rope = PlainRope.extend({
  rope_type: z.literal('llama3'),
  type: z.literal('llama3').optional(),
  factor: positive,
  low_freq_factor: positive,
  high_freq_factor: positive,
  original_max_position_embeddings: size,
})

/** Older files use `type`, newer ones `rope_type`; some have both. */
const RopeParameters = z.preprocess(
  (value) =>
    value && typeof value === 'object' && 'type' in value ? { rope_type: value.type, ...value } : value,
  z.discriminatedUnion('rope_type', [PlainRope, LinearRope, Llama3Rope], {
    error: 'only the rope types default, linear and llama3 are known',
  }),
)
type RopeParameters = z.infer<typeof RopeParameters>
type Llama3Parameters = z.infer<typeof Llama3Rope>

/** Gemma 3 as saved by transformers 5: one entry per layer type. */
const RopeByLayer = z.strictObject({ full_attention: RopeParameters, sliding_attention: RopeParameters })

const LayerType = z.enum(['full_attention', 'sliding_attention'])

/** A model's `config.json`, as written by transformers 4 or 5. Keys not listed here are rejected. */
const ModelConfig = z.strictObject({
  ...indifferent,
  ...fixed,
  model_type: z.enum(familyNames),
  architectures: z.tuple([z.string()]).nullish(),
  hidden_size: size,
  intermediate_size: size,
  num_hidden_layers: size.max(1000),
  num_attention_heads: size,
  num_key_value_heads: size.nullish(),
  head_dim: size.nullish(),
  vocab_size: size,
  rms_norm_eps: positive,
  hidden_act: z.string().optional(),
  hidden_activation: z.string().nullish(),
  rope_theta: positive.optional(),
  rope_local_base_freq: positive.optional(),
  rope_scaling: RopeParameters.nullish(),
  rope_parameters: z.union([RopeByLayer, RopeParameters]).nullish(),
  sliding_window: size.nullish(),
  sliding_window_pattern: size.nullish(),
  _sliding_window_pattern: size.nullish(),
  max_window_layers: anything, // no effect without use_sliding_window
  layer_types: z.array(LayerType).nullish(),
  query_pre_attn_scalar: positive.optional(),
  attention_multiplier: positive.optional(),
  embedding_multiplier: positive.optional(),
  residual_multiplier: positive.optional(),
  logits_scaling: positive.optional(),
  tie_word_embeddings: z.boolean().optional(),
  max_position_embeddings: size,
  eos_token_id: z.union([tokenId, z.array(tokenId)]).nullish(),
})
type ModelConfig = z.infer<typeof ModelConfig>

export const UNUSABLE = 'This model cannot be used: '
const refuse = (reason: string) => new AppError('invalid', { message: `${UNUSABLE}${reason}` })

const DEFAULT_THETA = 10_000

const scalingOf = ({ rope_type, type, rope_theta, partial_rotary_factor, ...scaling }: Llama3Parameters) =>
  scaling

/** transformers 5 uses rope_parameters, 4 uses rope_theta and rope_scaling; some files have both. */
function ropeOf(parameters: RopeParameters | null | undefined, theta: number | undefined): Rope {
  return {
    theta: parameters?.rope_theta ?? theta ?? DEFAULT_THETA,
    factor: parameters?.rope_type === 'linear' ? parameters.factor : 1,
    llama3: parameters?.rope_type === 'llama3' ? scalingOf(parameters) : null,
  }
}

interface Ropes {
  rope: Rope
  /** For sliding-window layers. */
  slidingRope: Rope
}

function ropesOf({ rope_parameters: parameters, ...config }: ModelConfig): Ropes {
  if (parameters && 'full_attention' in parameters)
    return {
      rope: ropeOf(parameters.full_attention, undefined),
      slidingRope: ropeOf(parameters.sliding_attention, undefined),
    }
  return {
    rope: ropeOf(parameters ?? config.rope_scaling, config.rope_theta),
    slidingRope: ropeOf(null, config.rope_local_base_freq),
  }
}

/** By default, every sixth layer of a Gemma attends to all tokens. */
const GEMMA_PATTERN = 6

function gemmaLayers(config: ModelConfig): boolean[] {
  const pattern = config.sliding_window_pattern ?? config._sliding_window_pattern ?? GEMMA_PATTERN
  const types = config.layer_types?.map((type) => type === 'sliding_attention')
  return types ?? Array.from({ length: config.num_hidden_layers }, (_, layer) => (layer + 1) % pattern !== 0)
}

/** @throws AppError for a window that our graph does not implement */
function slidingOf(config: ModelConfig, rope: Rope): Architecture['sliding'] {
  const { model_type, max_position_embeddings: context, layer_types: types } = config
  if (types && types.length !== config.num_hidden_layers)
    throw refuse('layer_types: its length is not num_hidden_layers')
  if (model_type === 'gemma3_text')
    return { window: config.sliding_window ?? 4096, layers: gemmaLayers(config), rope }
  if (types?.includes('sliding_attention')) throw refuse('layer_types: only full_attention is known')
  const unused = config.use_sliding_window === false // Qwen's files set a window that no layer uses
  const window = config.sliding_window === undefined ? families[model_type].window : config.sliding_window
  if (window !== null && window < context && !unused)
    throw refuse(`sliding_window: ${window}, less than the ${context} tokens of the context`)
  return null
}

function checkFamily({ model_type, architectures, ...config }: ModelConfig): void {
  const { className, activation } = families[model_type]
  const [name = className] = architectures ?? []
  if (name !== className) throw refuse(`architectures: ${name} is not known, expected ${className}`)
  for (const key of ['hidden_act', 'hidden_activation'] as const) {
    const given = config[key] ?? activation
    if (given !== activation) throw refuse(`${key}: ${given} is not known, expected ${activation}`)
  }
  if (model_type === 'granite') return
  for (const key of [
    'attention_multiplier',
    'embedding_multiplier',
    'residual_multiplier',
    'logits_scaling',
  ] as const)
    if ((config[key] ?? 1) !== 1) throw refuse(`${key}: only known in a granite model`)
}

/** @see readModelConfig */
export function parseModelConfig(json: unknown): Architecture {
  checkType(json)
  const parsed = ModelConfig.safeParse(json)
  if (!parsed.success) throw refuse(reasons(parsed.error))
  const config = parsed.data
  checkFamily(config)
  const family = families[config.model_type]
  const { rope, slidingRope } = ropesOf(config)
  const headDim = config.head_dim ?? config.hidden_size / config.num_attention_heads
  const scores = config.query_pre_attn_scalar ?? headDim
  const architecture: Architecture = {
    family: config.model_type,
    hidden: config.hidden_size,
    intermediate: config.intermediate_size,
    layers: config.num_hidden_layers,
    heads: config.num_attention_heads,
    kvHeads: config.num_key_value_heads ?? config.num_attention_heads,
    headDim,
    vocabulary: config.vocab_size,
    context: config.max_position_embeddings,
    epsilon: config.rms_norm_eps,
    rope,
    sliding: slidingOf(config, slidingRope),
    tied: config.tie_word_embeddings ?? family.tied,
    biases: family.biases,
    headNorms: family.headNorms,
    branchNorms: family.branchNorms,
    normOffset: family.normOffset,
    activation: family.activation,
    embeddingScale:
      config.embedding_multiplier ?? (family.scaledEmbeddings ? Math.sqrt(config.hidden_size) : 1),
    attentionScale:
      config.model_type === 'granite' ? (config.attention_multiplier ?? 1) : 1 / Math.sqrt(scores),
    residualScale: config.residual_multiplier ?? 1,
    logitScale: 1 / (config.logits_scaling ?? 1),
    ends: [config.eos_token_id ?? []].flat(),
  }
  if (architecture.heads % architecture.kvHeads !== 0 || headDim % 2 !== 0)
    throw refuse('its attention heads do not divide evenly.')
  return architecture
}

/** An unsupported model type is reported first, whatever the other keys say. */
const ModelType = z.looseObject({
  model_type: z.enum(familyNames, {
    error: ({ input }) => `${input} is not known, only ${familyNames.join(', ')}`,
  }),
})

function checkType(json: unknown): void {
  const parsed = ModelType.safeParse(json)
  if (!parsed.success) throw refuse(reasons(parsed.error))
}

/**
 * Reads `config.json` of a model folder, and additional end-of-turn tokens from its `generation_config.json`.
 * @throws AppError `invalid` that names the key, for any architecture or setting that we would compute wrongly
 */
export function readModelConfig(folder: string): Architecture {
  const architecture = parseModelConfig(JSON.parse(readFileSync(path.join(folder, 'config.json'), 'utf8')))
  const ends = new Set([...architecture.ends, ...readEndTokens(folder)])
  return { ...architecture, ends: [...ends] }
}
