/** A model's weights for export: each tensor is read, merged and given back on its own, so memory holds one at a time. */
import { type Architecture, EMBEDDINGS, OUTPUT_PROJECTION, weightShapes } from '../model/architecture.ts'
import { isTarget, mergedWeight } from '../model/lora.ts'
import { expectUndamaged } from '../model/manifest.ts'
import { readModelConfig } from '../model/model-config.ts'
import {
  type Adapter,
  adapterBase,
  expectCopy,
  expectSameBase,
  expectShapes,
  readAdapter,
} from '../model/model-folder.ts'
import { decodeTensor, listSafetensors, type StoredTensor } from '../model/safetensors.ts'
import type { Tensor } from '../model/tensors.ts'
import { heldTwice, weightFiles } from '../model/weight-files.ts'

export interface LazyTensor {
  shape: number[]
  /** Reads it from disk, with the adapters merged. */
  read: () => Tensor
  /** As the file holds it; null if an adapter changes it. */
  stored: StoredTensor | null
}

export type LazyTensors = Map<string, LazyTensor>

export interface OpenModel {
  architecture: Architecture
  weights: LazyTensors
  /** The adapters on the full weights, the innermost first: training may go on from an adapter. */
  adapters: Adapter[]
  /** The folder with the full weights. */
  root: string
}

/** Like the reading of a model, a copy of tied embeddings as output projection is left out. */
function withoutCopy(tensors: LazyTensors, { tied }: Architecture): LazyTensors {
  const copy = tensors.get(OUTPUT_PROJECTION)
  if (!tied || !copy) return tensors
  expectCopy(copy.read(), tensors.get(EMBEDDINGS)?.read())
  return new Map([...tensors].filter(([name]) => name !== OUTPUT_PROJECTION))
}

function listWeights(folder: string): LazyTensors {
  const tensors: LazyTensors = new Map()
  for (const file of weightFiles(folder))
    for (const [name, stored] of listSafetensors(file)) {
      if (tensors.has(name)) throw heldTwice(name)
      tensors.set(name, { shape: stored.shape, stored, read: () => decodeTensor(stored) })
    }
  return tensors
}

const merged = (weights: LazyTensors, { lora, factors }: Adapter): LazyTensors =>
  new Map(
    [...weights].map(([name, weight]) => {
      if (!isTarget(lora, name)) return [name, weight]
      const read = () => mergedWeight(name, weight.read(), factors, lora)
      return [name, { shape: weight.shape, stored: null, read }]
    }),
  )

/**
 * Opens a model folder for export.
 * @throws as readModel does
 */
export async function openWeights(folder: string): Promise<OpenModel> {
  await expectUndamaged(folder)
  const architecture = readModelConfig(folder)
  const base = adapterBase(folder)
  if (base === null) {
    const weights = expectShapes(withoutCopy(listWeights(folder), architecture), weightShapes(architecture))
    return { architecture, weights, adapters: [], root: folder }
  }
  await expectSameBase(folder, base)
  const under = await openWeights(base)
  const adapter = readAdapter(folder, architecture)
  const adapters = [...under.adapters, adapter]
  return { architecture, weights: merged(under.weights, adapter), adapters, root: under.root }
}
