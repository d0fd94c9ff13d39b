import path from 'node:path'
import type { Kysely, Selectable } from 'kysely'
import { apiError } from './api-error.ts'
import { type BaseModels, factsOf, findBase, resolveAlias, SHIPPED } from './base-models.ts'
import { readSamplingDefaults } from './model/generation-config.ts'
import { adapterBase, weightsHash } from './model/model-folder.ts'
import type { SamplingOptions } from './model/sampler.ts'
import { type Disk, remove } from './storage.ts'
import type { CheckpointsTable, EngineTables } from './tables.ts'
import type { SpeedBook } from './throughput.ts'
import { type ModelDeleted, seconds, type WireModel, type WireModels } from './wire.ts'

/** A model that can be chatted with and trained further. */
export interface UsableModel {
  /** The resolved name, never an alias. */
  name: string
  folder: string
  created_at: number
  /** The job that made it; null for a base. */
  job: string | null
}

/** A checkpoint that has a name. */
type Published = Selectable<CheckpointsTable> & { model: string }

/** `ft:limerick-base:limerick:poems:AbCd1234` → `limerick-base` */
export const rootOf = (name: string): string => (name.startsWith('ft:') ? (name.split(':')[1] ?? name) : name)

const noSuchModel = (name: string) =>
  apiError('not_found', `The model '${name}' does not exist or you do not have access to it.`, {
    code: 'model_not_found',
    param: 'model',
  })

export function modelStore(
  db: Kysely<EngineTables>,
  disk: Disk,
  bases: BaseModels,
  speeds: SpeedBook,
  /** Called when a model's folder is about to go. */
  forget: (folder: string) => void,
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
  const fingerprints = new Map<string, Promise<string>>()
  const samplings = new Map<string, SamplingOptions>()
  /** Folders whose files made a worker stop, and why; until the engine starts again. */
  const refused = new Map<string, string>()

  const served = async ({ name, folder, created_at, job }: UsableModel): Promise<WireModel> => {
    const base = rootOf(name)
    const facts = factsOf(folder)
    return {
      id: name,
      object: 'model',
      created: seconds(created_at),
      owned_by: 'limerick',
      shutdown_date: null,
      max_model_len: facts.context,
      limerick: { base, ...facts, job, training: await speeds.of(base, facts.parameters) },
    }
  }

  /** @returns null when no such model is here */
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

  /** @throws AppError `invalid` with the reason for a model that has been refused */
  function expectUsable({ name, folder }: UsableModel): void {
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

  /** Why it must stay: a job that starts from it, or an adapter that is nothing without it. */
  async function dependant({ name, folder }: UsableModel, within: Kysely<EngineTables>) {
    const job = await within
      .selectFrom('jobs')
      .select('id')
      .where('model', '=', name)
      .where('status', 'in', ['validating_files', 'queued', 'running'])
      .executeTakeFirst()
    if (job) return job.id
    const others = (await published(within).execute()).map(usable)
    return others.find((other) => adapterBase(other.folder) === folder)?.name
  }

  return {
    find,
    get,
    /** Names of the base models. */
    bases: (): string[] => bases.usable.map(({ name }) => name),
    expectUsable,
    retrieve: async (name: string): Promise<WireModel> => served(await known(name)),

    /**
     * From now on the model is refused by its name; the one that comes with us is sound, whatever it was given to do.
     * @param reason a clause, as "its tokenizer …"
     * @returns whether it is refused
     */
    refuse(folder: string, reason: string): boolean {
      if (folder === findBase(bases, SHIPPED)?.folder) return false
      process.stderr.write(`Model folder "${path.basename(folder)}" is not used from now on: ${reason}\n`)
      refused.set(folder, reason)
      return true
    },

    /** Base models and the results of jobs; snapshots on the way are listed by their job. */
    async list(): Promise<WireModels> {
      const tuned = await published().where('final', '=', 1).orderBy('seq', 'desc').execute()
      const all = [...bases.usable.map((base) => ({ ...base, job: null })), ...tuned.map(usable)]
      const data = await Promise.all(all.map(served))
      const stopped = [...refused].map(([folder, reason]) => ({ name: path.basename(folder), reason }))
      return { object: 'list', data, limerick: { unusable: [...bases.unusable, ...stopped] } }
    },

    async delete(name: string): Promise<ModelDeleted> {
      const model = await known(name)
      if (model.job === null)
        throw apiError('invalid', `The model '${model.name}' is a base model and cannot be deleted.`, {
          param: 'model',
        })
      // One transaction, as the creation of a job is: never both a job and no base for it.
      await db.transaction().execute(async (within) => {
        const user = await dependant(model, within)
        if (user)
          throw apiError('invalid', `The model '${model.name}' is still needed by ${user}.`, {
            param: 'model',
          })
        await within.deleteFrom('checkpoints').where('model', '=', model.name).execute()
      })
      forget(model.folder)
      await remove(model.folder)
      return { id: model.name, object: 'model', deleted: true }
    },

    /** How the model wants to be sampled; read once, so that a chat opens no file for it. */
    sampling({ folder }: UsableModel): SamplingOptions {
      const known = samplings.get(folder) ?? readSamplingDefaults(folder)
      samplings.set(folder, known)
      return known
    },

    /** Short hash of the weights that answer, as `system_fingerprint` reports it; read once. */
    async fingerprint({ folder }: UsableModel): Promise<string> {
      const hash = fingerprints.get(folder) ?? weightsHash(folder)
      fingerprints.set(folder, hash)
      try {
        return `fp_${(await hash).slice(0, 12)}`
      } catch (thrown) {
        fingerprints.delete(folder) // what could not be read once may be readable the next time
        throw thrown
      }
    },
  }
}
export type ModelStore = ReturnType<typeof modelStore>
