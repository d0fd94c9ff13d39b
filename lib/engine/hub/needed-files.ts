import { GENERATION_CONFIG } from '../model/generation-config.ts'
import { CHAT_TEMPLATE } from '../model/tokenizer.ts'
import { INDEX } from '../model/weight-files.ts'
import type { HubFile } from './client.ts'

const WEIGHTS = 'model.safetensors'
const SHARD = /^model-\d+-of-\d+\.safetensors$/

/** What a model cannot do without, besides its weights. */
const REQUIRED = ['config.json', 'tokenizer.json', 'tokenizer_config.json'] as const

const OPTIONAL = new Set<string>([CHAT_TEMPLATE, GENERATION_CONFIG])
const LICENCE = /^(licen[cs]e|notice|use_policy)(\.(txt|md))?$/i

const MB = 1024 * 1024
/** Most bytes of a file other than weights, which is read into memory at once. */
const MOST_SMALL = 128 * MB

/** One file, or several with an index; where both are published, the one file. */
export function weightsOf(files: readonly HubFile[]): HubFile[] {
  const single = files.filter(({ name }) => name === WEIGHTS)
  return single.length > 0 ? single : files.filter(({ name }) => SHARD.test(name))
}

const isSmall = ({ name }: HubFile): boolean =>
  (REQUIRED as readonly string[]).includes(name) || OPTIONAL.has(name) || LICENCE.test(name)

/** The files of a model that are downloaded: small ones first, so that a fault in them shows early. */
export function neededFiles(files: readonly HubFile[]): HubFile[] {
  const weights = weightsOf(files)
  const index = weights[0]?.name === WEIGHTS ? [] : files.filter(({ name }) => name === INDEX)
  return [...files.filter(isSmall), ...index, ...weights]
}

/** Why the files are not a model that we can use, or null. */
export function missingFile(files: readonly HubFile[]): string | null {
  const names = new Set(files.map(({ name }) => name))
  const lacking = REQUIRED.find((name) => !names.has(name))
  if (lacking) return `it lacks ${lacking}`
  const weights = weightsOf(files)
  if (weights.length === 0) return `it lacks ${WEIGHTS}`
  if (weights[0]?.name !== WEIGHTS && !names.has(INDEX)) return `it lacks ${INDEX}`
  const unchecked = neededFiles(files).find(({ sha256, sha1 }) => sha256 === null && sha1 === null)
  if (unchecked) return `the hub tells no checksum of ${unchecked.name}`
  const huge = files.find((file) => isSmall(file) && file.bytes > MOST_SMALL)
  return huge ? `${huge.name} has ${huge.bytes} bytes, more than ${MOST_SMALL}` : null
}
