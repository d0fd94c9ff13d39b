/** Configurations as models are published, in their authors' spelling: sizes, rotations, and what is refused by name. */
import { describe, expect, it } from 'vitest'
import { parameterCount } from '#lib/engine/model/architecture.ts'
import { parseModelConfig } from '#lib/engine/model/model-config.ts'
import { frequencies } from '#lib/engine/model/rotary.ts'

const llama = (
  [layers, hidden, heads, kvHeads, headDim, intermediate, vocabulary, context]: number[],
  rest: Record<string, unknown> = {},
) => ({
  model_type: 'llama',
  num_hidden_layers: layers,
  hidden_size: hidden,
  num_attention_heads: heads,
  num_key_value_heads: kvHeads,
  ...(headDim ? { head_dim: headDim } : {}),
  intermediate_size: intermediate,
  vocab_size: vocabulary,
  max_position_embeddings: context,
  rms_norm_eps: 1e-5,
  ...rest,
})

const llama3Rope = (factor: number) => ({
  rope_theta: 500000,
  rope_scaling: {
    factor,
    low_freq_factor: 1,
    high_freq_factor: 4,
    original_max_position_embeddings: 8192,
    rope_type: 'llama3',
  },
})

const qwen = (model_type: string, rest: Record<string, unknown> = {}) => ({
  model_type,
  rms_norm_eps: 1e-6,
  rope_theta: 1e6,
  sliding_window: null,
  use_sliding_window: false,
  tie_word_embeddings: true,
  ...rest,
})

const gemma = (rest: Record<string, unknown>) => ({
  model_type: 'gemma3_text',
  architectures: ['Gemma3ForCausalLM'],
  hidden_activation: 'gelu_pytorch_tanh',
  query_pre_attn_scalar: 256,
  rope_theta: 1e6,
  rope_local_base_freq: 10000,
  sliding_window: 512,
  attn_logit_softcapping: null,
  final_logit_softcapping: null,
  cache_implementation: 'hybrid',
  ...rest,
})

const llama32 = llama([16, 2048, 32, 8, 64, 8192, 128256, 131072], {
  tie_word_embeddings: true,
  eos_token_id: [128001, 128008, 128009],
  ...llama3Rope(32),
})

const published: [string, Record<string, unknown>, number][] = [
  [
    'SmolLM2-135M',
    llama([30, 576, 9, 3, 0, 1536, 49152, 8192], {
      tie_word_embeddings: true,
      rope_theta: 1e5,
      rope_interleaved: false,
      is_llama_config: true,
    }),
    134_515_008,
  ],
  ['SmolLM2-360M', llama([32, 960, 15, 5, 0, 2560, 49152, 8192], { tie_word_embeddings: true }), 361_821_120],
  [
    'SmolLM2-1.7B',
    llama([24, 2048, 32, 32, 0, 8192, 49152, 8192], { tie_word_embeddings: true }),
    1_711_376_384,
  ],
  ['Llama-3.2-1B', llama32, 1_235_814_400],
  [
    'Llama-3.2-3B',
    llama([28, 3072, 24, 8, 128, 8192, 128256, 131072], { tie_word_embeddings: true, ...llama3Rope(32) }),
    3_212_749_824,
  ],
  ['Llama-3.1-8B', llama([32, 4096, 32, 8, 0, 14336, 128256, 131072], llama3Rope(8)), 8_030_261_248],
  ['TinyLlama-1.1B', llama([22, 2048, 32, 4, 0, 5632, 32000, 2048]), 1_100_048_384],
  [
    'MiniCPM5-1B',
    llama([24, 1536, 16, 2, 128, 4608, 130560, 131072], { rope_theta: 5e6, eos_token_id: [1, 130073] }),
    1_080_632_832,
  ],
  [
    'Mistral-7B-v0.3',
    llama([32, 4096, 32, 8, 0, 14336, 32768, 32768], {
      model_type: 'mistral',
      architectures: ['MistralForCausalLM'],
      sliding_window: null,
      rope_theta: 1e6,
    }),
    7_248_023_552,
  ],
  [
    'Qwen2.5-0.5B',
    llama(
      [24, 896, 14, 2, 0, 4864, 151936, 32768],
      qwen('qwen2', { sliding_window: 32768, max_window_layers: 21 }),
    ),
    494_032_768,
  ],
  [
    'R1-Distill-Qwen-1.5B',
    llama(
      [28, 1536, 12, 2, 0, 8960, 151936, 131072],
      qwen('qwen2', { tie_word_embeddings: false, sliding_window: 4096, use_mrope: false }),
    ),
    1_777_088_000,
  ],
  ['Qwen3-0.6B', llama([28, 1024, 16, 8, 128, 3072, 151936, 40960], qwen('qwen3')), 596_049_920],
  ['Qwen3-4B-2507', llama([36, 2560, 32, 8, 128, 9728, 151936, 262144], qwen('qwen3')), 4_022_468_096],
  ['gemma-3-270m', llama([18, 640, 4, 1, 256, 2048, 262144, 32768], gemma({})), 268_098_176],
  ['gemma-3-1b', llama([26, 1152, 4, 1, 256, 6912, 262144, 32768], gemma({})), 999_885_952],
  [
    'granite-3.3-2b',
    llama([40, 2048, 32, 8, 0, 8192, 49159, 131072], {
      model_type: 'granite',
      tie_word_embeddings: true,
      attention_multiplier: 0.015625,
      embedding_multiplier: 12,
      residual_multiplier: 0.22,
      logits_scaling: 8,
      attention_dropout: 0.1,
    }),
    2_533_539_840,
  ],
]

it.each(published)('%s has as many parameters as its card says', (_name, config, count) => {
  expect(parameterCount(parseModelConfig(config))).toBe(count)
})

it('Falcon3 is plain Llama with a key of its own', () => {
  const config = llama([18, 2048, 8, 4, 256, 8192, 131072, 8192], {
    activation: 'swiglu',
    rope_theta: 1000042,
  })
  expect(parseModelConfig(config)).toMatchObject({ headDim: 256, activation: 'silu' })
})

describe('rotations of Llama 3', () => {
  it.each([
    ['3.2 1B', 32, 64, [1, 0.037606, 4.29557e-4, 1.661967e-6, 9.41831e-8]],
    ['3.2 3B', 32, 128, [1, 0.037606, 4.29557e-4, 1.661967e-6, 7.67231e-8]],
    ['3.1 8B', 8, 128, [1, 0.037606, 5.24846e-4, 6.64787e-6, 3.06893e-7]],
  ])('%s', (_name, factor, dim, expected) => {
    const config = llama([2, dim * 4, 4, 2, dim, 64, 100, 131072], llama3Rope(factor))
    const found = frequencies(parseModelConfig(config).rope, dim)
    const at = [0, dim / 8, dim / 4, (3 * dim) / 8, dim / 2 - 1].map((index) => found[index] as number)
    for (const [index, value] of expected.entries()) expect((at[index] as number) / value).toBeCloseTo(1, 4)
  })
})

describe('layers with a window', () => {
  it('five of six in a Gemma, by pattern or by name', () => {
    const shape = [12, 64, 4, 1, 16, 64, 100, 4096]
    const layers = Array.from({ length: 12 }, (_, layer) => layer % 6 !== 5)
    const types = layers.map((sliding) => (sliding ? 'sliding_attention' : 'full_attention'))
    for (const rest of [{}, { sliding_window_pattern: 6 }, { layer_types: types }])
      expect(parseModelConfig(llama(shape, gemma(rest))).sliding).toMatchObject({ window: 512, layers })
  })

  it('are refused where a family has none', () => {
    const shape = [2, 64, 4, 2, 16, 64, 100, 32768]
    const mistral = { model_type: 'mistral' }
    expect(() => parseModelConfig(llama(shape, mistral))).toThrow('sliding_window: 4096')
    expect(() => parseModelConfig(llama(shape, { ...mistral, sliding_window: 4096 }))).toThrow(
      'sliding_window',
    )
    expect(() => parseModelConfig(llama(shape, qwen('qwen3', { use_sliding_window: true })))).toThrow(
      'use_sliding_window',
    )
    parseModelConfig(llama(shape, { ...mistral, sliding_window: null }))
    parseModelConfig(llama(shape, { ...mistral, sliding_window: 262144 }))
  })
})

it.each([
  ['architectures', ['Phi3ForCausalLM']],
  ['model_type', 'qwen3_5_text'],
  ['partial_rotary_factor', 0.75],
  ['rope_scaling', { type: 'longrope', short_factor: [1], long_factor: [1] }],
  ['rope_scaling', { rope_type: 'yarn', factor: 16 }],
  ['attention_bias', true],
  ['lm_head_bias', true],
  ['final_logit_softcapping', 30],
  ['no_rope_layers', [1, 0]],
  ['hidden_size_per_layer_input', 256],
])('what is not known is refused by its name: %s', (key, value) => {
  const config = llama([2, 64, 4, 2, 16, 64, 100, 512], { [key]: value })
  expect(() => parseModelConfig(config)).toThrow(key === 'rope_scaling' ? 'rope' : key)
})
