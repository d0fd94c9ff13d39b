/** Locates a model's weights: one `model.safetensors`, or the files listed in `model.safetensors.index.json`. */
import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { z } from 'zod'
import { sha256 } from '#lib/core/durable-file.ts'
import { AppError } from '#lib/core/errors.ts'
import { reasons } from './reasons.ts'
import { readSafetensors } from './safetensors.ts'
import type { Tensors } from './tensors.ts'

const WEIGHTS = 'model.safetensors'
export const INDEX = 'model.safetensors.index.json'

/** Only files in the folder itself: a name must not contain a path. */
const Shard = z.string().regex(/^[\w.-]+\.safetensors$/, 'not the name of a safetensors file')
const Index = z.looseObject({ weight_map: z.record(z.string(), Shard) })

function shardsOf(folder: string): string[] {
  const parsed = Index.safeParse(JSON.parse(readFileSync(path.join(folder, INDEX), 'utf8')))
  if (!parsed.success)
    throw new AppError('invalid', { message: `${INDEX} cannot be used: ${reasons(parsed.error)}` })
  return [...new Set(Object.values(parsed.data.weight_map))].sort()
}

/**
 * Paths of the weight files, which may not exist.
 * @throws AppError `invalid` for an invalid index
 */
export function weightFiles(folder: string): string[] {
  const single = path.join(folder, WEIGHTS)
  if (existsSync(single) || !existsSync(path.join(folder, INDEX))) return [single]
  return shardsOf(folder).map((name) => path.join(folder, name))
}

export const heldTwice = (name: string): AppError =>
  new AppError('invalid', { message: `Two files of the model hold the tensor ${name}.` })

/** @throws AppError `invalid` for invalid files, or a tensor that occurs twice */
export function readWeightFiles(folder: string): Tensors {
  const tensors: Tensors = new Map()
  for (const file of weightFiles(folder))
    for (const [name, tensor] of readSafetensors(file)) {
      if (tensors.has(name)) throw heldTwice(name)
      tensors.set(name, tensor)
    }
  return tensors
}

/** SHA-256 of the file, or of the concatenated hashes of several files. */
export async function hashOf(files: readonly string[]): Promise<string> {
  const hashes: string[] = []
  for (const file of files) hashes.push(await sha256(file))
  const [only = '', ...more] = hashes
  return more.length === 0 ? only : createHash('sha256').update(hashes.join('\n')).digest('hex')
}
