import { readdirSync, type Stats, statSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { isOutOfFiles } from '#lib/core/out-of-files.ts'
import { type Architecture, parameterCount } from './model/architecture.ts'
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

/** A subfolder of a models folder that is not a model, or not a supported one. */
interface UnusableFolder {
  name: string
  /** A clause such as "it lacks config.json". */
  reason: string
}

/** Changes while the engine runs: see `addBase` and `dropBase`. */
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

/**
 * Follows links. @returns undefined if there is nothing, or nothing that can be reached: a link may lead in a circle, to
 * a disk that is not mounted or into another user's folder
 */
export function statOf(file: string): Stats | undefined {
  try {
    return statSync(file)
  } catch {
    return undefined
  }
}

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
export function sizeProblem(
  architecture: Architecture,
  files: readonly { name: string; bytes: number }[],
): string | null {
  const parameters = parameterCount(architecture)
  const copy = architecture.tied ? architecture.vocabulary * architecture.hidden : 0
  const size = files.reduce((sum, { bytes }) => sum + bytes, 0)
  if (size >= 2 * parameters && size <= 4 * (parameters + copy) + files.length * HEADER_LIMIT) return null
  const names = files.map(({ name }) => name).join(', ')
  return `${names} has ${size} bytes, which is not what ${parameters} parameters take`
}

const weightsProblem = (folder: string): string | null =>
  sizeProblem(
    readModelConfig(folder),
    weightFiles(folder).map((file) => ({ name: path.basename(file), bytes: statOf(file)?.size ?? 0 })),
  )

/** An error as the clause that says why a model cannot be used. */
export const clauseOf = (thrown: unknown): string =>
  (thrown instanceof Error ? thrown.message : String(thrown)).replace(UNUSABLE, '')

/** Why a folder cannot be used as a base model, or null. @throws the system's error if it has no file to give */
export function problemOf(folder: string): string | null {
  try {
    const problem = filesProblem(folder) ?? weightsProblem(folder)
    if (problem === null) readSamplingDefaults(folder)
    return problem
  } catch (thrown) {
    // Says nothing about the folder, and passes.
    if (isOutOfFiles(thrown)) throw thrown
    return clauseOf(thrown)
  }
}

/**
 * Why a model that was usable is not any more, or null: a linked folder is its owner's, to move and to change.
 * Of adapters and fine-tuned models only what every answer needs is looked at.
 */
export const lossOf = ({ folder, job }: { folder: string; job: string | null }): string | null =>
  job === null && !isAdapter(folder)
    ? problemOf(folder)
    : fileProblem(folder, 'config.json', needed['config.json'])

/** Also written to the terminal, where the user may be waiting for an explanation. */
export function leaveOut(folder: string, reason: string): UnusableFolder {
  const name = path.basename(folder)
  process.stderr.write(`Model folder "${name}" is left out: ${reason}\n`)
  return { name, reason }
}

/** Why a model cannot have a name, or null. */
export function nameProblem(name: string, bases: BaseModels): string | null {
  if (name === '') return 'its name needs a letter from A to Z, or a digit'
  const other = findBase(bases, name)
  if (other) return `another model is already called ${other.name}; remove that one first`
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

/** Reads the shipped model and every subfolder of the models folders but the adapters (see adapter-folders.ts). */
export function readBases(modelsFolders: readonly string[]): BaseModels {
  const bases: BaseModels = { usable: [baseModel(SHIPPED, shippedFolder)], unusable: [] }
  for (const modelsFolder of modelsFolders)
    for (const entry of subfolders(modelsFolder)) {
      const [name, folder] = [cleanName(entry), path.join(modelsFolder, entry)]
      if (isAdapter(folder)) continue
      const problem = nameProblem(name, bases) ?? problemOf(folder)
      if (problem) bases.unusable.push(leaveOut(folder, problem))
      else bases.usable.push(baseModel(name, folder))
    }
  return bases
}

/** Adds a folder that has been checked; it is usable at once. */
export function addBase(bases: BaseModels, folder: string): BaseModel {
  const added = baseModel(cleanName(path.basename(folder)), folder)
  bases.usable.push(added)
  return added
}

/** Forgets a base model; its files stay. */
export function dropBase(bases: BaseModels, { folder }: BaseModel): void {
  bases.usable = bases.usable.filter((base) => base.folder !== folder)
}

/** @param name in any case: clients written for other servers may use different capitals */
export const findBase = ({ usable }: BaseModels, name: string): BaseModel | undefined =>
  usable.find((base) => base.name.toLowerCase() === name.toLowerCase())

/** Facts about a model folder for API responses. */
export function factsOf(folder: string): { context: number; parameters: number } {
  const architecture = readModelConfig(folder)
  return { context: architecture.context, parameters: parameterCount(architecture) }
}
