import { existsSync, readdirSync, statSync } from 'node:fs'
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

const SHIPPED = 'limerick-base'
const shippedFolder = fileURLToPath(new URL('./base', import.meta.url))

/** Names that code written for OpenAI carries, with or without a snapshot's date. */
const alias = /^(gpt-3\.5-turbo|gpt-35-turbo|gpt-4o-mini)(-\d{4}(-\d{2}-\d{2})?)?$/

/** The name a model really has here. */
export const resolveAlias = (name: string): string => (alias.test(name) ? SHIPPED : name)

const needed = ['config.json', 'tokenizer.json', 'tokenizer_config.json', 'model.safetensors']

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

/** A folder that cannot be used is said to be so once, at the start, and is otherwise not there. */
function isUsable(folder: string): boolean {
  const missing = needed.filter((file) => !existsSync(path.join(folder, file)))
  if (missing.length > 0) return refuse(folder, `lacks ${missing.join(', ')}`)
  try {
    readModelConfig(folder)
    readSamplingDefaults(folder)
    return true
  } catch (thrown) {
    return refuse(folder, thrown instanceof Error ? thrown.message : String(thrown))
  }
}

function refuse(folder: string, reason: string): false {
  process.stderr.write(`Model folder "${path.basename(folder)}" is left out: ${reason}\n`)
  return false
}

/** The shipped model and every usable folder of LIMERICK_MODELS, by name. */
export function readBases(modelsFolder: string | null): Map<string, BaseModel> {
  const bases = new Map([[SHIPPED, baseModel(SHIPPED, shippedFolder)]])
  if (modelsFolder === null) return bases
  for (const entry of readdirSync(modelsFolder, { withFileTypes: true })) {
    const [name, folder] = [cleanName(entry.name), path.join(modelsFolder, entry.name)]
    if (!entry.isDirectory() || entry.name.startsWith('.') || name === '' || bases.has(name)) continue
    if (isUsable(folder)) bases.set(name, baseModel(name, folder))
  }
  return bases
}

/** Facts of a model folder that a caller may want to know. */
export function factsOf(folder: string): { context: number; parameters: number } {
  const architecture = readModelConfig(folder)
  return { context: architecture.context, parameters: parameterCount(architecture) }
}
