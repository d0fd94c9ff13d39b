import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { createRandom, normal } from '#lib/core/random.ts'
import { type Architecture, weightShapes } from '#lib/engine/model/architecture.ts'
import { chatTemplate } from '#lib/engine/model/chat-template.ts'
import type { Sample } from '#lib/engine/model/conversation.ts'
import { parseModelConfig } from '#lib/engine/model/model-config.ts'
import { writeSafetensors } from '#lib/engine/model/safetensors.ts'
import { elements, type Tensors } from '#lib/engine/model/tensors.ts'

/** Grouped queries (4 over 2), tied head. */
export const smallConfig = {
  model_type: 'llama',
  hidden_size: 32,
  intermediate_size: 48,
  num_hidden_layers: 2,
  num_attention_heads: 4,
  num_key_value_heads: 2,
  vocab_size: 61,
  rms_norm_eps: 1e-5,
  tie_word_embeddings: true,
  max_position_embeddings: 64,
  eos_token_id: 2,
}

export const small: Architecture = parseModelConfig(smallConfig)

/** Norms around 1, matrices with the given spread. */
export function randomWeights(architecture: Architecture, seed: number, spread = 0.16): Tensors {
  const random = createRandom(seed)
  return new Map(
    weightShapes(architecture).map(([name, shape]) => {
      const draw = shape.length === 1 ? () => 0.8 + 0.4 * random() : () => normal(random) * spread
      return [name, { shape, data: Float32Array.from({ length: elements(shape) }, draw) }]
    }),
  )
}

/** Makes every factor random, so that an adapter changes something from the start. */
export function randomize(tensors: Tensors, seed: number, spread: number): Tensors {
  const random = createRandom(seed)
  return new Map(
    [...tensors].map(([name, { shape, data }]) => [
      name,
      { shape, data: data.map(() => normal(random) * spread) },
    ]),
  )
}

/** Samples of different lengths whose weights are 0, 0.5 and 1. */
export function randomSamples(architecture: Architecture, seed: number, lengths: number[]): Sample[] {
  const random = createRandom(seed)
  return lengths.map((length) => ({
    ids: Array.from({ length }, () => Math.floor(random() * architecture.vocabulary)),
    weights: Array.from({ length }, (_, t) => (t < 4 ? 0 : t === 6 ? 0.5 : 1)),
  }))
}

/** A byte-level vocabulary without merges: every byte is a token, after the three special ones. */
function byteTokenizer() {
  const special = ['<|endoftext|>', '<|im_start|>', '<|im_end|>']
  const printable = (byte: number) => (byte > 32 && byte < 127) || (byte > 160 && byte !== 173)
  let next = 256
  const letters = Array.from({ length: 256 }, (_, byte) =>
    String.fromCharCode(printable(byte) ? byte : next++),
  )
  return {
    version: '1.0',
    added_tokens: special.map((content, id) => ({
      id,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    })),
    normalizer: null,
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, trim_offsets: true, use_regex: true },
    post_processor: null,
    decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
    model: {
      type: 'BPE',
      unk_token: null,
      continuing_subword_prefix: '',
      end_of_word_suffix: '',
      fuse_unk: false,
      byte_fallback: false,
      vocab: Object.fromEntries([...special, ...letters].map((token, id) => [token, id])),
      merges: [],
    },
  }
}

/** A complete model folder whose every byte is a token. */
export function writeByteModel(
  folder: string,
  seed: number,
  changes: Partial<typeof smallConfig> = {},
  weightsOf = (architecture: Architecture): Tensors => randomWeights(architecture, seed),
): void {
  const config = { ...smallConfig, vocab_size: 259, max_position_embeddings: 128, ...changes }
  const write = (name: string, value: unknown) =>
    writeFileSync(path.join(folder, name), JSON.stringify(value))
  mkdirSync(folder, { recursive: true })
  write('config.json', config)
  write('tokenizer.json', byteTokenizer())
  write('tokenizer_config.json', {
    tokenizer_class: 'PreTrainedTokenizerFast',
    eos_token: '<|im_end|>',
    clean_up_tokenization_spaces: false,
    chat_template: chatTemplate,
  })
  writeSafetensors(path.join(folder, 'model.safetensors'), weightsOf(parseModelConfig(config)))
}

/** 51 million parameters, their numbers repeated: a model large enough to answer with weights of 8 bits. */
export function writeBigModel(folder: string): void {
  const heads = { num_attention_heads: 16, num_key_value_heads: 16 }
  const changes = { hidden_size: 1024, intermediate_size: 4096, num_hidden_layers: 3, ...heads }
  writeByteModel(folder, 3, changes, (architecture) => {
    const random = createRandom(5)
    const numbers = Float32Array.from({ length: 1e6 + 3 }, () => normal(random) * 0.05)
    let at = 0
    const next = () => numbers[at++ % numbers.length] as number
    const fill = (shape: number[]) =>
      new Float32Array(elements(shape)).map(shape.length === 1 ? () => 1 : next)
    return new Map(weightShapes(architecture).map(([name, shape]) => [name, { shape, data: fill(shape) }]))
  })
}
