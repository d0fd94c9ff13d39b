import { readdirSync, type Stats, statSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { parameterCount, readModelConfig } from './model/architecture.ts'
import { readSamplingDefaults } from './model/generation-config.ts'

/** A model to start from that no job of ours made. */
export interface BaseModel {
  name: string
  folder: string
  created_at: number
}

/** The model that comes with us. */
export const SHIPPED = 'limerick-base'
const shippedFolder = fileURLToPath(new URL('./base', import.meta.url))

/** Names that code written for OpenAI carries, with or without a snapshot's date. */
const alias = /^(gpt-3\.5-turbo|gpt-35-turbo|gpt-4o-mini)(-\d{4}(-\d{2}-\d{2})?)?$/

/** The name a model really has here. */
export const resolveAlias = (name: string): string => (alias.test(name) ? SHIPPED : name)

const MB = 1024 * 1024

/** What a model folder must hold, and the most bytes of each that are read into memory at once. */
const needed = {
  'config.json': MB,
  'tokenizer.json': 128 * MB,
  'tokenizer_config.json': 16 * MB,
  'model.safetensors': Infinity,
}
const WEIGHTS = 'model.safetensors'

/** The format's own limit of what stands before the weights, in bytes. */
const HEADER_LIMIT = 100_000_000

/** Follows links. @returns undefined for what is not there */
const statOf = (file: string): Stats | undefined => statSync(file, { throwIfNoEntry: false })

const cleanName = (folder: string): string =>
  folder
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[-.]+|(?<![-.])[-.]+$/g, '')

const baseModel = (name: string, folder: string): BaseModel => ({
  name,
  folder,
  created_at: Math.floor(statSync(path.join(folder, 'config.json')).mtimeMs),
})

/** A pipe or a device among them could be read for ever, so nothing is opened before this has been asked. */
function filesProblem(folder: string): string | null {
  for (const [file, most] of Object.entries(needed)) {
    const found = statOf(path.join(folder, file))
    if (!found) return `it lacks ${file}`
    if (!found.isFile()) return `${file} is not a regular file`
    if (found.size > most) return `${file} has ${found.size} bytes, more than ${most}`
  }
  return null
}

/** Two or four bytes for each parameter, behind a header. */
function weightsProblem(folder: string): string | null {
  const parameters = parameterCount(readModelConfig(folder))
  const size = statOf(path.join(folder, WEIGHTS))?.size ?? 0
  if (size >= 2 * parameters && size <= 4 * parameters + HEADER_LIMIT) return null
  return `${WEIGHTS} has ${size} bytes, which is not what ${parameters} parameters take`
}

function problemOf(folder: string): string | null {
  try {
    const problem = filesProblem(folder) ?? weightsProblem(folder)
    if (problem === null) readSamplingDefaults(folder)
    return problem
  } catch (thrown) {
    return thrown instanceof Error ? thrown.message : String(thrown)
  }
}

/** A folder that cannot be used is said to be so once, at the start, and is otherwise not there. */
function refuse(folder: string, reason: string): void {
  process.stderr.write(`Model folder "${path.basename(folder)}" is left out: ${reason}\n`)
}

function nameProblem(name: string, bases: Map<string, BaseModel>): string | null {
  if (name === '') return 'its name has no letter or digit'
  if (bases.has(name)) return `another model is called ${name}`
  return resolveAlias(name) === name ? null : `the name ${name} stands for ${SHIPPED} here`
}

/** Folders and links to folders. @throws Error in words when the folder cannot be read */
function subfolders(modelsFolder: string): string[] {
  try {
    const names = readdirSync(modelsFolder).filter((name) => !name.startsWith('.'))
    // A link to nothing is kept, to be said to lack what it lacks.
    return names.sort().filter((name) => statOf(path.join(modelsFolder, name))?.isDirectory() ?? true)
  } catch (cause) {
    throw new Error('The folder of LIMERICK_MODELS cannot be read.', { cause })
  }
}

/** The shipped model and every usable folder of LIMERICK_MODELS, by name. */
export function readBases(modelsFolder: string | null): Map<string, BaseModel> {
  const bases = new Map([[SHIPPED, baseModel(SHIPPED, shippedFolder)]])
  if (modelsFolder === null) return bases
  for (const entry of subfolders(modelsFolder)) {
    const [name, folder] = [cleanName(entry), path.join(modelsFolder, entry)]
    const problem = nameProblem(name, bases) ?? problemOf(folder)
    if (problem) refuse(folder, problem)
    else bases.set(name, baseModel(name, folder))
  }
  return bases
}

/** Facts of a model folder that a caller may want to know. */
export function factsOf(folder: string): { context: number; parameters: number } {
  const architecture = readModelConfig(folder)
  return { context: architecture.context, parameters: parameterCount(architecture) }
}
