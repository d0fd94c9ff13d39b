/** What decides the result, besides the code and the seed. A run that was begun with other numbers is not continued. */
export interface Recipe {
  /** Most tokens of the tokenizer. */
  vocabulary: number
  /** Conversations that the tokenizer is trained on. */
  tokenizerTexts: number
  hidden: number
  intermediate: number
  layers: number
  heads: number
  kvHeads: number
  context: number
  /** Longer conversations are cut, in tokens. */
  longest: number
  /** Conversations of one micro-batch, which fit into the engine's 512 tokens, and micro-batches of half a step. */
  rows: number
  groups: number
  /** Conversations are sorted by length within so many steps. */
  pool: number
  steps: number
  /** Peak learning rate: rises linearly for `warmUp` steps, then falls linearly to zero. */
  peak: number
  warmUp: number
  decay: number
  clip: number
  /** How much the last word before a stop counts: it is the rhyme or the fact. */
  emphasis: number
}

/** The shipped base: 75 minutes on two idle cores with AVX-512, two hours on slower ones. */
export const SHIPPED: Recipe = {
  vocabulary: 4096,
  tokenizerTexts: 25_000,
  hidden: 256,
  intermediate: 640,
  layers: 6,
  heads: 8,
  kvHeads: 4,
  context: 512,
  longest: 256,
  rows: 5,
  groups: 3,
  pool: 32,
  steps: 14_089,
  peak: 2.5e-3,
  warmUp: 150,
  decay: 0.05,
  clip: 1,
  emphasis: 5,
}

/** The same in seconds, for tests: it learns next to nothing. */
export const SHORT: Recipe = {
  ...SHIPPED,
  vocabulary: 1024,
  tokenizerTexts: 300,
  hidden: 32,
  intermediate: 64,
  layers: 2,
  heads: 4,
  kvHeads: 2,
  rows: 4,
  groups: 1,
  pool: 4,
  steps: 24,
  warmUp: 4,
}

/** The learning rate of a step, from 1. */
export const rateOf = ({ peak, warmUp, steps }: Recipe, step: number): number =>
  peak * Math.min(1, step / warmUp) * (1 - (step - 1) / steps)

/** `config.json` of the model folder. */
export const configOf = (recipe: Recipe, vocabulary: number) => ({
  architectures: ['LlamaForCausalLM'],
  model_type: 'llama',
  hidden_size: recipe.hidden,
  intermediate_size: recipe.intermediate,
  num_hidden_layers: recipe.layers,
  num_attention_heads: recipe.heads,
  num_key_value_heads: recipe.kvHeads,
  vocab_size: vocabulary,
  rms_norm_eps: 1e-5,
  rope_theta: 10_000,
  tie_word_embeddings: true,
  max_position_embeddings: recipe.context,
  hidden_act: 'silu',
  bos_token_id: 1,
  eos_token_id: 2,
  torch_dtype: 'float16',
})
