/**
 * The models that ship as a short list: small enough for a computer without a GPU, of families that the engine computes.
 * Shapes as in each `config.json`; `bytes` is the size of the files that are downloaded, rounded.
 */
import { parseModelConfig } from '../model/model-config.ts'

const MB = 1e6

interface Offered {
  repo: string
  licence: string
  gated: boolean
  bytes: number
  config: Record<string, unknown>
}

const llama = { model_type: 'llama', rms_norm_eps: 1e-5, tie_word_embeddings: true }
const qwen = { rms_norm_eps: 1e-6, tie_word_embeddings: true, rope_theta: 1e6, vocab_size: 151_936 }

const smol = (layers: number, hidden: number, heads: number, kvHeads: number, intermediate: number) => ({
  ...llama,
  num_hidden_layers: layers,
  hidden_size: hidden,
  num_attention_heads: heads,
  num_key_value_heads: kvHeads,
  intermediate_size: intermediate,
  vocab_size: 49_152,
  max_position_embeddings: 8192,
  rope_theta: 1e5,
})

const OFFERED: Offered[] = [
  {
    repo: 'HuggingFaceTB/SmolLM2-135M-Instruct',
    licence: 'apache-2.0',
    gated: false,
    bytes: 271 * MB,
    config: smol(30, 576, 9, 3, 1536),
  },
  {
    repo: 'HuggingFaceTB/SmolLM2-360M-Instruct',
    licence: 'apache-2.0',
    gated: false,
    bytes: 726 * MB,
    config: smol(32, 960, 15, 5, 2560),
  },
  {
    repo: 'google/gemma-3-270m-it',
    licence: 'gemma',
    gated: true,
    bytes: 571 * MB,
    config: {
      model_type: 'gemma3_text',
      num_hidden_layers: 18,
      hidden_size: 640,
      num_attention_heads: 4,
      num_key_value_heads: 1,
      head_dim: 256,
      intermediate_size: 2048,
      vocab_size: 262_144,
      max_position_embeddings: 32_768,
      rms_norm_eps: 1e-6,
      sliding_window: 512,
    },
  },
  {
    repo: 'Qwen/Qwen2.5-0.5B-Instruct',
    licence: 'apache-2.0',
    gated: false,
    bytes: 995 * MB,
    config: {
      ...qwen,
      model_type: 'qwen2',
      num_hidden_layers: 24,
      hidden_size: 896,
      num_attention_heads: 14,
      num_key_value_heads: 2,
      intermediate_size: 4864,
      max_position_embeddings: 32_768,
      use_sliding_window: false,
    },
  },
  {
    repo: 'Qwen/Qwen3-0.6B',
    licence: 'apache-2.0',
    gated: false,
    // Its file holds the embeddings a second time, as the output projection.
    bytes: 1515 * MB,
    config: {
      ...qwen,
      model_type: 'qwen3',
      num_hidden_layers: 28,
      hidden_size: 1024,
      num_attention_heads: 16,
      num_key_value_heads: 8,
      head_dim: 128,
      intermediate_size: 3072,
      max_position_embeddings: 40_960,
    },
  },
  {
    repo: 'meta-llama/Llama-3.2-1B-Instruct',
    licence: 'llama3.2',
    gated: true,
    bytes: 2481 * MB,
    config: {
      ...llama,
      num_hidden_layers: 16,
      hidden_size: 2048,
      num_attention_heads: 32,
      num_key_value_heads: 8,
      head_dim: 64,
      intermediate_size: 8192,
      vocab_size: 128_256,
      max_position_embeddings: 131_072,
      rope_theta: 5e5,
    },
  },
]

/** The shipped short list, smallest first in memory where it can be. */
export const offers = OFFERED.map(({ config, ...offer }) => ({
  ...offer,
  name: offer.repo.split('/')[1] ?? offer.repo,
  architecture: parseModelConfig(config),
}))
