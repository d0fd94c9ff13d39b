/** A model in llama.cpp's names, keys and layout (github.com/ggml-org/llama.cpp, convert_hf_to_gguf.py). */
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { AppError } from '#lib/core/errors.ts'
import type { Architecture } from '../model/architecture.ts'
import type { FamilyName } from '../model/families.ts'
import { frequencies, type Rope } from '../model/rotary.ts'
import { readTemplate } from '../model/tokenizer.ts'
import { encodeGguf, type GgufTensor, type GgufType, type GgufValue, isQuantisable } from './gguf.ts'
import type { LazyTensor, LazyTensors } from './lazy-weights.ts'

/** llama.cpp's name of a family, and whether it stores the halves of each rotated pair side by side. */
const kinds: Partial<Record<FamilyName, { name: string; interleaved: boolean }>> = {
  llama: { name: 'llama', interleaved: true },
  mistral: { name: 'llama', interleaved: true },
  granite: { name: 'granite', interleaved: true },
  qwen2: { name: 'qwen2', interleaved: false },
  qwen3: { name: 'qwen3', interleaved: false },
}

const renamed: [RegExp, string][] = [
  [/^model\.embed_tokens\./, 'token_embd.'],
  [/^model\.norm\./, 'output_norm.'],
  [/^lm_head\./, 'output.'],
  [/^model\.layers\.(\d+)\./, 'blk.$1.'],
  [/self_attn\.([qkv])_proj\./, 'attn_$1.'],
  [/self_attn\.o_proj\./, 'attn_output.'],
  [/self_attn\.([qk])_norm\./, 'attn_$1_norm.'],
  [/mlp\.(gate|up|down)_proj\./, 'ffn_$1.'],
  [/\.input_layernorm\./, '.attn_norm.'],
  [/\.post_attention_layernorm\./, '.ffn_norm.'],
]

const ggufName = (name: string): string =>
  renamed.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), name)

/** Rows (half, pair) of each head → (pair, half): [head · 2 · pairs, in]. */
function interleave(data: Float32Array, rows: number, heads: number): Float32Array<ArrayBuffer> {
  const width = data.length / rows
  const pairs = rows / heads / 2
  const out = new Float32Array(data.length)
  for (let row = 0; row < rows; row++) {
    const head = Math.floor(row / (2 * pairs))
    const [half, pair] = [Math.floor((row % (2 * pairs)) / pairs), row % pairs]
    const to = head * 2 * pairs + 2 * pair + half
    out.set(data.subarray(row * width, (row + 1) * width), to * width)
  }
  return out
}

/** Wavelength factor of each rotary pair relative to unscaled RoPE: [dim / 2]. */
function stretching(rope: Rope, dim: number): Float32Array<ArrayBuffer> {
  const plain = frequencies({ ...rope, llama3: null }, dim)
  const stretched = frequencies(rope, dim)
  return Float32Array.from(plain, (frequency, index) => frequency / (stretched[index] as number))
}

const stored = (type: GgufType, tensor: LazyTensor): GgufType => {
  if (tensor.shape.length === 1) return 'F32'
  return type === 'Q8_0' && !isQuantisable(tensor) ? 'F16' : type
}

function tensorsOf(
  a: Architecture,
  weights: LazyTensors,
  type: GgufType,
  interleaved: boolean,
): GgufTensor[] {
  const tensors = [...weights].map(([name, tensor]): GgufTensor => {
    const heads = name.includes('.q_proj.') ? a.heads : name.includes('.k_proj.') ? a.kvHeads : 0
    const { shape } = tensor
    const read = () => {
      const { data } = tensor.read()
      return heads > 0 && interleaved ? interleave(data, shape[0] ?? 0, heads) : data
    }
    return { name: ggufName(name), shape, type: stored(type, tensor), read }
  })
  if (!a.rope.llama3) return tensors
  const factors = stretching(a.rope, a.headDim)
  const read = () => factors
  return [{ name: 'rope_freqs.weight', shape: [factors.length], type: 'F32', read }, ...tensors]
}

const TokenizerFile = z.looseObject({
  added_tokens: z.array(z.looseObject({ id: z.number(), content: z.string(), special: z.boolean() })),
  pre_tokenizer: z.unknown(),
  post_processor: z.unknown(),
  model: z.looseObject({
    vocab: z.record(z.string(), z.number()),
    merges: z.array(z.union([z.string(), z.tuple([z.string(), z.string()])])),
  }),
})
type TokenizerFile = z.infer<typeof TokenizerFile>

/** llama.cpp identifies pre-tokenizers by name; a characteristic part of the JSON selects each name. */
const preTokenizers: [part: string, name: string][] = [
  ['\\\\p{N}{1,3}', 'llama-bpe'],
  ['[^\\\\r\\\\n\\\\p{L}\\\\p{N}]?\\\\p{L}+|\\\\p{N}|', 'qwen2'],
  ['"individual_digits":true', 'smollm'],
  ['{"type":"ByteLevel"', 'gpt-2'],
]

/** @throws AppError `invalid` if we know no llama.cpp name for the tokenizer's pattern */
function preTokenizerOf({ pre_tokenizer }: TokenizerFile): string {
  const text = JSON.stringify(pre_tokenizer)
  const found = preTokenizers.find(([part]) => text.includes(part))
  if (found) return found[1]
  throw new AppError('invalid', {
    message: 'GGUF is not offered for this model: its way to split text is not known.',
  })
}

const tokenType = { normal: 1, control: 3, userDefined: 4, unused: 5 }

function tokenizerMetadata(folder: string, vocabulary: number): [string, GgufValue][] {
  const file = TokenizerFile.parse(JSON.parse(readFileSync(path.join(folder, 'tokenizer.json'), 'utf8')))
  const tokens = Array.from({ length: vocabulary }, (_, id) => `[PAD${id}]`)
  const types = tokens.map(() => tokenType.unused)
  const put = (id: number, token: string, type: number) => {
    if (id >= vocabulary) return // in the tokenizer but not in the model
    tokens[id] = token
    types[id] = type
  }
  for (const [token, id] of Object.entries(file.model.vocab)) put(id, token, tokenType.normal)
  for (const { id, content, special } of file.added_tokens)
    put(id, content, special ? tokenType.control : tokenType.userDefined)
  const merges = file.model.merges.map((merge) => (typeof merge === 'string' ? merge : merge.join(' ')))
  return [
    ['tokenizer.ggml.model', 'gpt2'],
    ['tokenizer.ggml.pre', preTokenizerOf(file)],
    ['tokenizer.ggml.tokens', tokens],
    ['tokenizer.ggml.token_type', { ints: types }],
    ['tokenizer.ggml.merges', merges],
    // The chat template writes the beginning-of-sequence token.
    ['tokenizer.ggml.add_bos_token', false],
    ['tokenizer.chat_template', readTemplate(folder)],
  ]
}

const fileType: Record<GgufType, number> = { F32: 0, F16: 1, Q8_0: 7 }

function modelMetadata(kind: string, name: string, type: GgufType, a: Architecture): [string, GgufValue][] {
  const multipliers: [string, GgufValue][] = [
    [`${kind}.attention.scale`, { float: a.attentionScale }],
    [`${kind}.embedding_scale`, { float: a.embeddingScale }],
    [`${kind}.residual_scale`, { float: a.residualScale }],
    [`${kind}.logit_scale`, { float: 1 / a.logitScale }],
  ]
  return [
    ['general.architecture', kind],
    ['general.name', name],
    ['general.file_type', fileType[type]],
    ['general.quantization_version', 2],
    [`${kind}.vocab_size`, a.vocabulary],
    [`${kind}.context_length`, a.context],
    [`${kind}.embedding_length`, a.hidden],
    [`${kind}.block_count`, a.layers],
    [`${kind}.feed_forward_length`, a.intermediate],
    [`${kind}.attention.head_count`, a.heads],
    [`${kind}.attention.head_count_kv`, a.kvHeads],
    [`${kind}.attention.key_length`, a.headDim],
    [`${kind}.attention.value_length`, a.headDim],
    [`${kind}.attention.layer_norm_rms_epsilon`, { float: a.epsilon }],
    [`${kind}.rope.dimension_count`, a.headDim],
    [`${kind}.rope.freq_base`, { float: a.rope.theta }],
    ...(kind === 'granite' ? multipliers : []),
  ]
}

interface GgufExport {
  /** Display name of the model. */
  name: string
  /** Holds the tokenizer and the chat template. */
  folder: string
  architecture: Architecture
  /** With the adapters merged, if there are any. */
  weights: LazyTensors
  type: 'F16' | 'Q8_0'
}

/**
 * A model as one GGUF file, with its tokenizer, chat template and end-of-turn tokens.
 * @throws AppError `invalid` for a family or tokenizer that we cannot write as GGUF
 */
export function ggufFile({ name, folder, architecture, weights, type }: GgufExport) {
  const kind = kinds[architecture.family]
  if (!kind)
    throw new AppError('invalid', {
      message: `GGUF is not offered for models of type ${architecture.family}.`,
    })
  const [eos] = architecture.ends
  const metadata = new Map([
    ...modelMetadata(kind.name, name, type, architecture),
    ...tokenizerMetadata(folder, architecture.vocabulary),
    ...(eos === undefined ? [] : ([['tokenizer.ggml.eos_token_id', eos]] satisfies [string, GgufValue][])),
  ])
  return encodeGguf(metadata, tensorsOf(architecture, weights, type, kind.interleaved))
}
