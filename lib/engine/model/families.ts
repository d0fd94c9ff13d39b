/**
 * Properties implied by `model_type` rather than a key of config.json: each family is the Llama architecture with
 * these differences (transformers, models/NAME/modeling_NAME.py). Families not in this table are rejected.
 */

/** Differences between a family and Llama. */
export interface Family {
  /** `architectures` of config.json. */
  className: string
  /** Whether embeddings are tied if `tie_word_embeddings` is absent. */
  tied: boolean
  /** q, k and v have a bias; the output projection has none. */
  biases: boolean
  /** Each head of q and k is normalised before RoPE. */
  headNorms: boolean
  /** The outputs of attention and feed-forward are normalised before the residual addition. */
  branchNorms: boolean
  /** Norms multiply by `offset + weight`. */
  normOffset: 0 | 1
  activation: 'silu' | 'gelu_pytorch_tanh'
  /** Embeddings are multiplied by √hidden. */
  scaledEmbeddings: boolean
  /** Attention window if `sliding_window` is absent, in tokens. */
  window: number | null
}

const llama: Family = {
  className: 'LlamaForCausalLM',
  tied: false,
  biases: false,
  headNorms: false,
  branchNorms: false,
  normOffset: 0,
  activation: 'silu',
  scaledEmbeddings: false,
  window: null,
}

export const families = {
  llama,
  mistral: { ...llama, className: 'MistralForCausalLM', window: 4096 },
  qwen2: { ...llama, className: 'Qwen2ForCausalLM', biases: true },
  qwen3: { ...llama, className: 'Qwen3ForCausalLM', headNorms: true },
  granite: { ...llama, className: 'GraniteForCausalLM' },
  gemma3_text: {
    className: 'Gemma3ForCausalLM',
    tied: true,
    biases: false,
    headNorms: true,
    branchNorms: true,
    normOffset: 1,
    activation: 'gelu_pytorch_tanh',
    scaledEmbeddings: true,
    window: null,
  },
} as const satisfies Record<string, Family>

export type FamilyName = keyof typeof families

export const familyNames = Object.keys(families) as FamilyName[]
