import path from 'node:path'
import type { Kysely, Selectable } from 'kysely'
import { freeSpace } from '#lib/disk/space.ts'
import type { TrainingMemory } from '#lib/training-data/memory.ts'
import { apiError } from './api-error.ts'
import {
  type BaseModel,
  type BaseModels,
  dropBase,
  findBase,
  lossOf,
  resolveAlias,
  SHIPPED,
} from './base-models.ts'
import { folderCache } from './folder-cache.ts'
import { folderSize } from './folder-size.ts'
import { memoryForTraining, trainingMemory } from './memory.ts'
import { type Architecture, parameterCount } from './model/architecture.ts'
import type { Method } from './model/defaults.ts'
import { readSamplingDefaults } from './model/generation-config.ts'
import { readModelConfig } from './model/model-config.ts'
import { adapterBase, weightsHash } from './model/model-folder.ts'
import { decodingBits } from './model/quantise.ts'
import type { SamplingOptions } from './model/sampler.ts'
import { bytesOnDisk } from './space.ts'
import { type Disk, remove } from './storage.ts'
import { type CheckpointsTable, type EngineTables, UNFINISHED } from './tables.ts'
import type { SpeedBook } from './throughput.ts'
import {
  type ModelDeleted,
  seconds,
  type WireMemory,
  type WireModel,
  type WireModels,
  type WireNeeds,
  type WireSizes,
  type WireTraining,
} from './wire.ts'

/** A model that supports chat and further training. */
export interface UsableModel {
  /** The resolved name, never an alias. */
  name: string
  folder: string
  created_at: number
  /** The job that made it; null for a base model. */
  job: string | null
}

/** A checkpoint with a model name. */
type Published = Selectable<CheckpointsTable> & { model: string }

/** `ft:limerick-base:limerick:poems:AbCd1234` → `limerick-base` */
export const rootOf = (name: string): string => (name.startsWith('ft:') ? (name.split(':')[1] ?? name) : name)

/** Where a model comes from. */
export interface Origin {
  /** The base model that its training began with; null if it is no longer there. */
  base: BaseModel | null
  /** Name of the model with full weights under its adapters. */
  under: string
}

/** The folder with full weights under any number of adapters. */
function fullFolder(folder: string): string {
  const base = adapterBase(folder)
  return base === null ? folder : fullFolder(base)
}

export const memoryOnWire = ({ fixed, perToken, perTokenSquared }: TrainingMemory): WireMemory => ({
  fixed,
  per_token: perToken,
  per_token_squared: perTokenSquared,
})

const noSuchModel = (name: string) =>
  apiError('not_found', `The model '${name}' does not exist or you do not have access to it.`, {
    code: 'model_not_found',
    param: 'model',
  })

const bitsOf = (folder: string) => decodingBits(readModelConfig(folder), false)

export function modelStore(
  db: Kysely<EngineTables>,
  disk: Disk,
  bases: BaseModels,
  speeds: SpeedBook,
  /** Called before a model's folder is deleted. */
  forget: (folder: string) => void,
  memoryLimit: number | null = null,
) {
  const usable = ({ model, job_id, folder, created_at }: Published): UsableModel => ({
    name: model,
    folder: path.join(disk.job(job_id), folder),
    created_at,
    job: job_id,
  })
  const published = (within = db) =>
    within
      .selectFrom('checkpoints')
      .selectAll()
      .where('model', 'is not', null)
      .$narrowType<{ model: string }>()
  const fingerprints = folderCache(weightsHash)
  const samplings = folderCache(readSamplingDefaults)
  const bits = folderCache(bitsOf)
  const sizes = folderCache(folderSize)
  /** Model folder → reason, for models disabled after their files hung a worker; reset when the engine restarts. */
  const refused = new Map<string, string>()

  async function needsOf(architecture: Architecture, method: Method): Promise<WireNeeds> {
    return {
      memory: memoryOnWire(trainingMemory(architecture, method)),
      preference_memory: memoryOnWire(trainingMemory(architecture, method, 'dpo')),
      disk: bytesOnDisk(architecture, { method, epochs: null, validated: true }),
      free: { memory: memoryForTraining(memoryLimit), disk: await freeSpace(disk.root) },
    }
  }

  /** Name of the base model at the root of a model's lineage; an adapter in LIMERICK_MODELS has one of its own. */
  function baseOf(name: string): string {
    const root = rootOf(name)
    return findBase(bases, root)?.base ?? root
  }

  const served = async ({ name, folder, created_at, job }: UsableModel): Promise<WireModel> => {
    const base = baseOf(name)
    // Read once, before anything is waited for: the folder may disappear meanwhile.
    const architecture = readModelConfig(folder)
    const facts = { context: architecture.context, parameters: parameterCount(architecture) }
    const speed = await speeds.of(base, facts.parameters)
    return {
      id: name,
      object: 'model',
      created: seconds(created_at),
      owned_by: 'limerick',
      shutdown_date: null,
      max_model_len: facts.context,
      limerick: {
        ...{ base, ...facts, job },
        decoding: { bits: decodingBits(architecture, false) },
        training: { ...speed, ...(await needsOf(architecture, speed.method)) },
      },
    }
  }

  /** @returns null if there is no such model */
  async function find(asked: string, within = db): Promise<UsableModel | null> {
    const name = resolveAlias(asked)
    const base = findBase(bases, name)
    if (base) return { ...base, job: null }
    const row = await published(within).where('model', '=', name).executeTakeFirst()
    return row ? usable(row) : null
  }

  async function known(name: string): Promise<UsableModel> {
    const model = await find(name)
    if (!model) throw noSuchModel(name)
    return model
  }

  /** @throws AppError `invalid` with the reason if the model's files are not there any more */
  function expectThere(model: UsableModel): void {
    const reason = lossOf(model)
    if (reason === null) return
    throw apiError(
      'invalid',
      `The model '${model.name}' cannot be used any more: ${reason}. Put its files back, then try again.`,
      { code: 'model_unusable', param: 'model' },
    )
  }

  /** @throws AppError `invalid` with the reason if the model is disabled, or not there any more */
  function expectUsable(model: UsableModel): void {
    expectThere(model)
    const { name, folder } = model
    const reason = refused.get(folder)
    if (reason === undefined) return
    throw apiError(
      'invalid',
      `The model '${name}' is not used: ${reason}. Mend its folder and start again.`,
      {
        code: 'model_unusable',
        param: 'model',
      },
    )
  }

  async function get(name: string): Promise<UsableModel> {
    const model = await known(name)
    expectUsable(model)
    return model
  }

  /** What prevents its deletion: a job that starts from it, or an adapter that needs it. */
  async function dependant({ name, folder }: UsableModel, within: Kysely<EngineTables>) {
    const job = await within
      .selectFrom('jobs')
      .select('id')
      .where('model', '=', name)
      .where('status', 'in', UNFINISHED)
      .executeTakeFirst()
    if (job) return job.id
    const others = [...bases.usable, ...(await published(within).execute()).map(usable)]
    return others.find((other) => adapterBase(other.folder) === folder)?.name
  }

  /** One transaction, like job creation: a job never loses its base model. */
  const expectUnneeded = (model: UsableModel, remove: (within: Kysely<EngineTables>) => Promise<unknown>) =>
    db.transaction().execute(async (within) => {
      const user = await dependant(model, within)
      if (user)
        throw apiError('invalid', `The model '${model.name}' is still needed by ${user}.`, {
          param: 'model',
        })
      await remove(within)
    })

  return {
    find,
    get,
    baseOf,
    /** Names of the base models. */
    bases: (): string[] => bases.usable.map(({ name }) => name),
    /** @see Origin */
    async origin({ name, folder }: UsableModel): Promise<Origin> {
      const base = findBase(bases, baseOf(name)) ?? null
      const full = fullFolder(folder)
      const others = [...bases.usable, ...(await published().execute()).map(usable)]
      return { base, under: others.find((other) => other.folder === full)?.name ?? baseOf(name) }
    },
    expectUsable,
    async retrieve(name: string): Promise<WireModel> {
      const model = await known(name)
      expectThere(model)
      return served(model)
    },

    /**
     * Disables a model until restart; the shipped model is never disabled, because only its input can be at fault.
     * @param reason a clause such as "its tokenizer …"
     * @returns whether the model is now disabled
     */
    refuse(folder: string, reason: string): boolean {
      if (folder === findBase(bases, SHIPPED)?.folder) return false
      process.stderr.write(`Model folder "${path.basename(folder)}" is not used from now on: ${reason}\n`)
      refused.set(folder, reason)
      return true
    },

    /** Base models and fine-tuned models; intermediate checkpoints are listed by their job. */
    async list(): Promise<WireModels> {
      const tuned = await published().where('final', '=', 1).orderBy('seq', 'desc').execute()
      const all = [...bases.usable.map((base) => ({ ...base, job: null })), ...tuned.map(usable)]
      const losses = new Map(all.map((model) => [model, lossOf(model)]))
      const data = await Promise.all(all.filter((model) => losses.get(model) === null).map(served))
      const lost = [...losses].flatMap(([{ name }, reason]) => (reason === null ? [] : [{ name, reason }]))
      const stopped = [...refused].map(([folder, reason]) => ({ name: path.basename(folder), reason }))
      return { object: 'list', data, limerick: { unusable: [...bases.unusable, ...lost, ...stopped] } }
    },

    /** Bytes on disk of every base model, fine-tuned model and checkpoint. */
    async sizes(): Promise<WireSizes> {
      const all = [...bases.usable, ...(await published().execute()).map(usable)]
      const data = all.map(({ name, folder }) => ({ id: name, bytes: sizes.of(folder) }))
      return { object: 'list', data }
    },

    /**
     * Removes a base model that nothing needs.
     * @param take makes its folder disappear, at once
     * @throws AppError `invalid` that names what needs it
     */
    async removeBase(base: BaseModel, take: () => void): Promise<void> {
      await expectUnneeded({ ...base, job: null }, async () => {
        take()
        dropBase(bases, base)
      })
      forget(base.folder)
      // Another model may take its place.
      for (const cache of [fingerprints, samplings, bits, sizes]) cache.forget(base.folder)
      refused.delete(base.folder)
      await speeds.forget(base.name)
    },

    /** What the built-in trainer takes to train a model. */
    async training({ name, folder }: UsableModel, asked?: Method): Promise<WireTraining> {
      const architecture = readModelConfig(folder)
      const speed = await speeds.of(baseOf(name), parameterCount(architecture), asked)
      return { ...speed, device: 'CPU', ...(await needsOf(architecture, speed.method)) }
    },

    async delete(name: string): Promise<ModelDeleted> {
      const model = await known(name)
      if (model.job === null)
        throw apiError('invalid', `The model '${model.name}' is a base model and cannot be deleted.`, {
          param: 'model',
        })
      await expectUnneeded(model, (within) =>
        within.deleteFrom('checkpoints').where('model', '=', model.name).execute(),
      )
      forget(model.folder)
      await remove(model.folder)
      return { id: model.name, object: 'model', deleted: true }
    },

    /** A model's sampling defaults. */
    sampling: ({ folder }: UsableModel): SamplingOptions => samplings.of(folder),

    /** Bits per weight with which a model answers. */
    decodingBits: ({ folder }: UsableModel, exact: boolean): 8 | 32 => (exact ? 32 : bits.of(folder)),

    /** Short hash of the model's weights for `system_fingerprint`. */
    async fingerprint({ folder }: UsableModel): Promise<string> {
      try {
        return `fp_${(await fingerprints.of(folder)).slice(0, 12)}`
      } catch (thrown) {
        fingerprints.forget(folder) // do not cache failures: the next read may succeed
        throw thrown
      }
    },
  }
}
export type ModelStore = ReturnType<typeof modelStore>
