import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { AppError } from '#lib/core/errors.ts'
import { type Architecture, EMBEDDINGS, OUTPUT_PROJECTION, weightShapes } from './architecture.ts'
import { fromPeft, type Lora, loraShapes, merge, parseAdapterConfig } from './lora.ts'
import { expectUndamaged } from './manifest.ts'
import { readModelConfig } from './model-config.ts'
import { readSafetensors } from './safetensors.ts'
import type { NamedShape, Tensor, Tensors } from './tensors.ts'
import { hashOf, readWeightFiles, weightFiles } from './weight-files.ts'

export interface Adapter {
  lora: Lora
  factors: Tensors
}

export interface Model {
  architecture: Architecture
  weights: Tensors
  adapter: Adapter | null
}

export const ADAPTER = 'adapter_model.safetensors'
export const ADAPTER_CONFIG = 'adapter_config.json'

export const isAdapter = (folder: string) => existsSync(path.join(folder, ADAPTER_CONFIG))

/** The files that identify a model. */
export const modelFiles = (folder: string): string[] =>
  isAdapter(folder) ? [path.join(folder, ADAPTER)] : weightFiles(folder)

export const weightsHash = (folder: string): Promise<string> => hashOf(modelFiles(folder))

/** The base model folder of an adapter, or null for a model with full weights. */
export function adapterBase(folder: string): string | null {
  return isAdapter(folder) ? path.resolve(folder, readAdapterConfig(folder).base) : null
}

function readAdapterConfig(folder: string) {
  return parseAdapterConfig(JSON.parse(readFileSync(path.join(folder, ADAPTER_CONFIG), 'utf8')))
}

/**
 * Reads a model folder. `readBase` supplies the weights of an adapter's base model and may cache them.
 * @throws AppError `invalid` if a tensor is missing, unknown or has a wrong shape, or if the adapter's base model has
 * changed since training; `damaged` if a file has changed since the model was made
 */
export async function readModel(
  folder: string,
  readBase: (folder: string) => Promise<Tensors> = mergedWeights,
): Promise<Model> {
  const architecture = readModelConfig(folder)
  const adapter = await checkedAdapter(folder, architecture)
  const base = adapterBase(folder)
  const weights = base === null ? withoutCopy(readWeightFiles(folder), architecture) : await readBase(base)
  return { architecture, weights: expectShapes(weights, weightShapes(architecture)), adapter }
}

/**
 * Checks a model folder and reads its adapter; null for a model with full weights.
 * @throws AppError as `readModel` does
 */
export async function checkedAdapter(folder: string, architecture: Architecture): Promise<Adapter | null> {
  await expectUndamaged(folder)
  const base = adapterBase(folder)
  if (base === null) return null
  await expectSameBase(folder, base)
  return readAdapter(folder, architecture)
}

/** The adapter of a folder that holds one. @throws as readModel does */
export function readAdapter(folder: string, architecture: Architecture): Adapter {
  const { lora } = readAdapterConfig(folder)
  const factors = fromPeft(readSafetensors(path.join(folder, ADAPTER)))
  return { lora, factors: expectShapes(factors, loraShapes(architecture, lora)) }
}

/** A model's weights for generation: base weights with the adapter merged, if there is one. */
export async function mergedWeights(folder: string): Promise<Tensors> {
  const { weights, adapter } = await readModel(folder)
  return adapter ? merge(weights, adapter.factors, adapter.lora) : weights
}

/** Written beside an adapter by us; absent for adapters from elsewhere. */
export const BASE_HASH = 'base_model.sha256'

/** @throws AppError `invalid` if an adapter's base model is missing or has changed since training */
export async function expectSameBase(folder: string, base: string): Promise<void> {
  const file = path.join(folder, BASE_HASH)
  if (!modelFiles(base).every((name) => existsSync(name)))
    throw new AppError('invalid', {
      message: 'The base model that this adapter was trained on is no longer there.',
    })
  if (!existsSync(file)) return
  const [wanted, found] = [readFileSync(file, 'utf8').trim(), await weightsHash(base)]
  if (wanted === found) return
  const short = (hash: string) => hash.slice(0, 12)
  throw new AppError('invalid', {
    message: `This model is an adapter of a base model that has been replaced: it needs the weights ${short(wanted)}, and its base now has ${short(found)}. The adapter is kept. Train again on the new base to get answers.`,
  })
}

/**
 * Some files of a model with tied embeddings also store them as the output projection.
 * @throws AppError `invalid` if the two differ: one of them would be lost
 */
function withoutCopy(tensors: Tensors, { tied }: Architecture): Tensors {
  const copy = tensors.get(OUTPUT_PROJECTION)
  if (!tied || !copy) return tensors
  expectCopy(copy, tensors.get(EMBEDDINGS))
  return new Map([...tensors].filter(([name]) => name !== OUTPUT_PROJECTION))
}

/** @throws AppError `invalid` if the output projection of tied embeddings is another matrix */
export function expectCopy(copy: Tensor, embeddings: Tensor | undefined): void {
  const data = embeddings?.data ?? []
  if (copy.data.length === data.length && copy.data.every((value, index) => value === data[index])) return
  throw new AppError('invalid', {
    message: `config.json says that ${OUTPUT_PROJECTION} is ${EMBEDDINGS}, but the file holds another matrix.`,
  })
}

/** @throws AppError `invalid` for a tensor that is missing, unknown or of another shape */
export function expectShapes<Of extends { shape: number[] }>(
  tensors: Map<string, Of>,
  shapes: NamedShape[],
): Map<string, Of> {
  const expected = new Map(shapes)
  for (const name of tensors.keys())
    if (!expected.has(name))
      throw new AppError('invalid', { message: `The model has a tensor the engine does not know: ${name}.` })
  for (const [name, shape] of shapes) {
    const found = tensors.get(name)?.shape
    if (!found) throw new AppError('invalid', { message: `The model lacks the tensor ${name}.` })
    if (found.join() !== shape.join())
      throw new AppError('invalid', {
        message: `The tensor ${name} is [${found}], but config.json says [${shape}].`,
      })
  }
  return tensors
}
