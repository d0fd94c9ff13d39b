/** The files of an export, each with its size, so that the size of the download is known before it begins. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { AppError } from '#lib/core/errors.ts'
import { asFloat32 } from '../model/checkpoint.ts'
import { GENERATION_CONFIG } from '../model/generation-config.ts'
import { adapterConfig, toPeft } from '../model/lora.ts'
import { ADAPTER, ADAPTER_CONFIG } from '../model/model-folder.ts'
import { encodeSafetensors, type StoredTensor } from '../model/safetensors.ts'
import type { Tensors } from '../model/tensors.ts'
import { CHAT_TEMPLATE } from '../model/tokenizer.ts'
import { ggufFile } from './gguf-model.ts'
import { isFile } from './is-file.ts'
import type { LazyTensor, OpenModel } from './lazy-weights.ts'
import { ggufFileName } from './readme.ts'
import { stack } from './stack.ts'

export interface ExportFile {
  name: string
  /** In bytes. */
  size: number
  chunks: () => Iterable<Uint8Array>
}

export function textFile(name: string, text: string): ExportFile {
  const bytes = Buffer.from(text)
  return { name, size: bytes.length, chunks: () => [bytes] }
}

const jsonFile = (name: string, value: unknown) => textFile(name, `${JSON.stringify(value, null, 2)}\n`)

/** What belongs to a tokenizer. A checkpoint holds the first two and its template; the rest lies with its base. */
const tokenizerFiles = [
  'tokenizer.json',
  'tokenizer_config.json',
  CHAT_TEMPLATE,
  'special_tokens_map.json',
  'added_tokens.json',
]

/** Licences ask to be passed on. */
const LICENCE = /^(licen[cs]e|notice|use_policy)([-._].*)?$/i

function copy(folder: string, name: string): ExportFile {
  const file = path.join(folder, name)
  return { name, size: statSync(file).size, chunks: () => [readFileSync(file)] }
}

interface Source {
  /** Of the model. */
  folder: string
  /** Folder of the base model that its training began with. */
  origin: string
}

/** The named files of a model, from its base where its own folder lacks them, and the base's licence. */
function companions({ folder, origin }: Source, names: readonly string[]): ExportFile[] {
  // A model with full weights of its own outlives its base.
  const licences = existsSync(origin) ? readdirSync(origin).filter((name) => LICENCE.test(name)) : []
  return [...names, ...licences].flatMap((name) => {
    const from = [folder, origin].find((each) => isFile(path.join(each, name)))
    return from === undefined ? [] : [copy(from, name)]
  })
}

const float32 = ({ shape, read }: Pick<LazyTensor, 'shape' | 'read'>): StoredTensor => ({
  shape,
  dtype: 'F32',
  bytes: () => {
    const { data } = read()
    return new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
  },
})

const safetensorsFile = (name: string, tensors: ReadonlyMap<string, StoredTensor>): ExportFile => ({
  name,
  ...encodeSafetensors(tensors),
})

const stored = (tensors: Tensors): Map<string, StoredTensor> =>
  new Map([...tensors].map(([name, tensor]) => [name, float32({ shape: tensor.shape, read: () => tensor })]))

/**
 * The adapter as PEFT reads it. Training may have gone on from an adapter: then the file holds one that does the work of
 * all.
 * @param base name of the model under it, for PEFT
 * @throws AppError `invalid` for a model with full weights
 */
export function adapterFiles(source: Source, { adapters, architecture }: OpenModel, base: string) {
  const [first] = adapters
  if (!first)
    throw new AppError('invalid', {
      message: 'This model has no adapter: all of its weights are its own. Take it as GGUF or safetensors.',
    })
  const { lora, factors } = adapters.length === 1 ? first : stack(architecture, adapters)
  return [
    jsonFile(ADAPTER_CONFIG, adapterConfig(lora, base)),
    safetensorsFile(ADAPTER, stored(toPeft(factors))),
    ...companions(source, tokenizerFiles),
  ]
}

/**
 * A folder as Hugging Face's libraries read it. Full weights keep their bytes. With an adapter merged all is float32, as
 * it was trained: rounding to the 8 or 11 bits of a published base takes back a part of what training changed.
 */
export function mergedFiles(source: Source, { adapters, weights }: OpenModel): ExportFile[] {
  const isMerged = adapters.length > 0
  const tensors = new Map(
    [...weights].map(([name, weight]) => [name, (!isMerged && weight.stored) || float32(weight)]),
  )
  const config = JSON.parse(readFileSync(path.join(source.folder, 'config.json'), 'utf8'))
  return [
    jsonFile('config.json', isMerged ? asFloat32(config) : config),
    safetensorsFile('model.safetensors', tensors),
    ...companions(source, [GENERATION_CONFIG, ...tokenizerFiles]),
  ]
}

/** @throws AppError as ggufFile does */
export function ggufFiles(
  source: Source,
  { architecture, weights }: OpenModel,
  { name, type }: { name: string; type: 'F16' | 'Q8_0' },
): ExportFile[] {
  const file = ggufFile({ name, folder: source.folder, architecture, weights, type })
  const gguf = ggufFileName(name, type)
  return [{ name: gguf, ...file }, textFile('Modelfile', `FROM ./${gguf}\n`), ...companions(source, [])]
}
