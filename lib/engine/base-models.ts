import { readdirSync, type Stats, statSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parameterCount } from './model/architecture.ts'
import { readSamplingDefaults } from './model/generation-config.ts'
import { readModelConfig, UNUSABLE } from './model/model-config.ts'
import { isAdapter } from './model/model-folder.ts'
import { CHAT_TEMPLATE } from './model/tokenizer.ts'
import { INDEX, weightFiles } from './model/weight-files.ts'

/** A base model: not made by a job of this engine. */
export interface BaseModel {
  name: string
  folder: string
  created_at: number
  /** Name of an adapter's base model. */
  base?: string
}

/** A subfolder of LIMERICK_MODELS that is not a model, or not a supported one. */
interface UnusableFolder {
  name: string
  /** A clause such as "it lacks config.json". */
  reason: string
}

export interface BaseModels {
  /** The shipped model comes first. */
  usable: BaseModel[]
  unusable: UnusableFolder[]
}

/** The shipped model. */
export const SHIPPED = 'limerick-base'
const shippedFolder = fileURLToPath(new URL('./base', import.meta.url))

/** Model names used in code written for OpenAI, with or without a snapshot date. */
const alias = /^(gpt-3\.5-turbo|gpt-35-turbo|gpt-4o-mini)(-\d{4}(-\d{2}-\d{2})?)?$/

/** Resolves an alias to a model name. */
export const resolveAlias = (name: string): string => (alias.test(name) ? SHIPPED : name)

const MB = 1024 * 1024

/** Required files of a model folder, and the maximum bytes of each that are read into memory at once. */
export const needed = {
  'config.json': MB,
  'tokenizer.json': 128 * MB,
  'tokenizer_config.json': 16 * MB,
}

/** The format's limit for the header before the weights, in bytes. */
const HEADER_LIMIT = 100_000_000

/** Follows links. @returns undefined if the path does not exist */
const statOf = (file: string): Stats | undefined => statSync(file, { throwIfNoEntry: false })

/** A folder's name reduced to URL-safe characters; case is kept. */
export const cleanName = (folder: string): string =>
  folder.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[-.]+|(?<![-.])[-.]+$/g, '')

export const baseModel = (name: string, folder: string): BaseModel => ({
  name,
  folder,
  created_at: Math.floor(statSync(path.join(folder, 'config.json')).mtimeMs),
})

/** Optional files of a model folder. */
export const optional = {
  [INDEX]: 16 * MB,
  'generation_config.json': MB,
  [CHAT_TEMPLATE]: MB,
}

/** Why a file is unusable, or null. Checks this before opening: reading a pipe or a device could block forever. */
export function fileProblem(folder: string, file: string, most: number): string | null {
  const found = statOf(path.join(folder, file))
  if (!found) return `it lacks ${file}`
  if (!found.isFile()) return `${file} is not a regular file`
  return found.size > most ? `${file} has ${found.size} bytes, more than ${most}` : null
}

function filesProblem(folder: string): string | null {
  const present = Object.entries(optional).filter(([file]) => statOf(path.join(folder, file)))
  for (const [file, most] of [...Object.entries(needed), ...present]) {
    const problem = fileProblem(folder, file, most)
    if (problem) return problem
  }
  for (const file of weightFiles(folder)) {
    const problem = fileProblem(folder, path.basename(file), Infinity)
    if (problem) return problem
  }
  return null
}

/** Two or four bytes per parameter, plus a header per file; tied embeddings may be stored twice. */
function weightsProblem(folder: string): string | null {
  const architecture = readModelConfig(folder)
  const parameters = parameterCount(architecture)
  const copy = architecture.tied ? architecture.vocabulary * architecture.hidden : 0
  const files = weightFiles(folder)
  const size = files.reduce((sum, file) => sum + (statOf(file)?.size ?? 0), 0)
  if (size >= 2 * parameters && size <= 4 * (parameters + copy) + files.length * HEADER_LIMIT) return null
  const names = files.map((file) => path.basename(file)).join(', ')
  return `${names} has ${size} bytes, which is not what ${parameters} parameters take`
}

function problemOf(folder: string): string | null {
  try {
    const problem = filesProblem(folder) ?? weightsProblem(folder)
    if (problem === null) readSamplingDefaults(folder)
    return problem
  } catch (thrown) {
    return (thrown instanceof Error ? thrown.message : String(thrown)).replace(UNUSABLE, '')
  }
}

/** Also written to the terminal, where the user may be waiting for an explanation. */
export function leaveOut(folder: string, reason: string): UnusableFolder {
  const name = path.basename(folder)
  process.stderr.write(`Model folder "${name}" is left out: ${reason}\n`)
  return { name, reason }
}

export function nameProblem(name: string, bases: BaseModels): string | null {
  if (name === '') return 'its name has no letter or digit'
  const other = findBase(bases, name)
  if (other) return `another model is called ${other.name}`
  return resolveAlias(name.toLowerCase()) === name.toLowerCase()
    ? null
    : `the name ${name} stands for ${SHIPPED} here`
}

/** Folders and links to folders. @throws Error with a readable message if the folder cannot be read */
export function subfolders(modelsFolder: string): string[] {
  try {
    const names = readdirSync(modelsFolder).filter((name) => !name.startsWith('.'))
    // Keep broken links, so that they are reported as unusable.
    return names.sort().filter((name) => statOf(path.join(modelsFolder, name))?.isDirectory() ?? true)
  } catch (cause) {
    throw new Error('The folder of LIMERICK_MODELS cannot be read.', { cause })
  }
}

/** Reads the shipped model and every subfolder of LIMERICK_MODELS but the adapters (see adapter-folders.ts). */
export function readBases(modelsFolder: string | null): BaseModels {
  const bases: BaseModels = { usable: [baseModel(SHIPPED, shippedFolder)], unusable: [] }
  for (const entry of modelsFolder === null ? [] : subfolders(modelsFolder)) {
    const [name, folder] = [cleanName(entry), path.join(modelsFolder ?? '', entry)]
    if (isAdapter(folder)) continue
    const problem = nameProblem(name, bases) ?? problemOf(folder)
    if (problem) bases.unusable.push(leaveOut(folder, problem))
    else bases.usable.push(baseModel(name, folder))
  }
  return bases
}

/** @param name in any case: clients written for other servers may use different capitals */
export const findBase = ({ usable }: BaseModels, name: string): BaseModel | undefined =>
  usable.find((base) => base.name.toLowerCase() === name.toLowerCase())

/** Facts about a model folder for API responses. */
export function factsOf(folder: string): { context: number; parameters: number } {
  const architecture = readModelConfig(folder)
  return { context: architecture.context, parameters: parameterCount(architecture) }
}
