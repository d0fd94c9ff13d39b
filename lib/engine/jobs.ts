import { createHash, randomInt } from 'node:crypto'
import { type Kysely, sql } from 'kysely'
import type { z } from 'zod'
import { newId } from '#lib/core/ids.ts'
import { apiError, parse } from './api-error.ts'
import { factsOf } from './base-models.ts'
import { type Draft, listEvents, tell } from './events.ts'
import { type FileStore, noSuchFile } from './files.ts'
import { hyperparametersOf, JobRequest, objectiveOf, refuseUnsupported } from './job-request.ts'
import { checkpointOnWire, type JobRow, jobOnWire } from './job-wire.ts'
import { automaticMethod } from './model/defaults.ts'
import type { ModelStore } from './models.ts'
import { listOf, Paging, placeOf } from './paging.ts'
import { expectSpaceToTrain } from './space.ts'
import { type Disk, isMissing, keepCopy, remove } from './storage.ts'
import { type EngineTables, type JobStatus, type LauncherName, UNFINISHED } from './tables.ts'
import type { Trainers } from './trainers/trainers.ts'
import type { List, WireJob } from './wire.ts'

export const JobQuery = Paging(20)
export const EventQuery = Paging(20)
export const CheckpointQuery = Paging(10)

/** Null: jobs without metadata. Otherwise all pairs must match. */
export type MetadataFilter = readonly (readonly [string, string])[] | null

/** Paths of a job's own copies of its files. */
export const copies = (disk: Disk, job: string) => ({
  training: `${disk.job(job)}/training.jsonl`,
  validation: `${disk.job(job)}/validation.jsonl`,
})

const notAvailable = (model: string, bases: readonly string[]) =>
  apiError(
    'invalid',
    `Model ${model} is not available for fine-tuning or does not exist. Base models here: ${bases.join(', ')}.`,
    { code: 'model_not_available', param: 'model' },
  )

/** JSON in a canonical field order. */
const canonical = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(canonical)
  if (typeof value !== 'object' || value === null) return value
  const fields = Object.entries(value).map(([name, field]) => [name, canonical(field)] as const)
  return Object.fromEntries(fields.sort(([one], [other]) => (one < other ? -1 : 1)))
}

const hashOf = (body: unknown): string =>
  createHash('sha256')
    .update(JSON.stringify(canonical(body)) ?? '')
    .digest('hex')

/** A multiplier below this is probably a learning rate by mistake. */
const TINY_MULTIPLIER = 0.001

/** Warnings about accepted values that are probably mistakes. */
function* doubts(job: {
  training_file: string
  validation_file: string | null
  learning_rate_multiplier: number | null
}): Generator<Draft> {
  const { training_file, validation_file, learning_rate_multiplier: multiplier } = job
  if (validation_file === training_file)
    yield {
      topic: 'same-file',
      level: 'warn',
      message:
        'The validation file is the training file: its loss tells nothing about questions that are new.',
    }
  if (multiplier !== null && multiplier < TINY_MULTIPLIER)
    yield {
      topic: 'tiny-rate',
      level: 'warn',
      message: `learning_rate_multiplier is ${multiplier}: it multiplies the model's own learning rate, so hardly anything will be learnt. 1 is the usual value.`,
    }
}

export function jobStore(
  db: Kysely<EngineTables>,
  disk: Disk,
  files: FileStore,
  models: ModelStore,
  trainers: Pick<Trainers, 'choose'>,
) {
  const rows = () => db.selectFrom('jobs').selectAll()

  async function get(id: string): Promise<JobRow> {
    const row = await rows().where('id', '=', id).executeTakeFirst()
    if (!row)
      throw apiError('not_found', `Could not find fine tune: ${id}`, {
        code: 'fine_tune_not_found',
        param: 'fine_tune_id',
      })
    return row
  }

  async function expectTrainable(id: string, param: 'training_file' | 'validation_file'): Promise<void> {
    const file = await files.find(id)
    if (!file) throw apiError('invalid', `File '${id}' does not exist.`, { code: 'file_not_found', param })
    if (file.purpose !== 'fine-tune')
      throw apiError('invalid', `File '${id}' has purpose '${file.purpose}', but must have 'fine-tune'.`, {
        param,
      })
  }

  async function draft(request: JobRequest, key: string | null, hash: string) {
    refuseUnsupported(request)
    const model = await models.find(request.model)
    if (!model) throw notAvailable(request.model, models.bases())
    models.expectUsable(model)
    // Read this before the first await: the base model may be deleted meanwhile, which the transaction below detects.
    const tuning = request.limerick?.method ?? automaticMethod(factsOf(model.folder).parameters)
    const method = tuning === 'full' ? ('full' as const) : ('lora' as const)
    const quantization = tuning === 'qlora' ? ('nf4' as const) : null
    await expectTrainable(request.training_file, 'training_file')
    if (request.validation_file) await expectTrainable(request.validation_file, 'validation_file')
    const hyperparameters = hyperparametersOf(request)
    const epochs = hyperparameters.n_epochs
    const objective = objectiveOf(request)
    const patience = request.limerick?.early_stopping?.patience ?? null
    const wanted = { model, method, quantization, objective }
    const place = await trainers.choose(request.limerick ?? {}, wanted)
    const validated = (request.validation_file ?? null) !== null
    await expectSpaceToTrain(disk.root, { base: model.folder, method, epochs, validated })
    const now = Date.now()
    return {
      id: newId('ftjob-'),
      status: 'validating_files' as const,
      status_times_json: JSON.stringify({ validating_files: now }),
      model: model.name,
      training_file: request.training_file,
      validation_file: request.validation_file ?? null,
      method,
      quantization,
      max_length: request.limerick?.max_length ?? null,
      objective,
      epochs,
      batch_size: hyperparameters.batch_size,
      learning_rate_multiplier: hyperparameters.learning_rate_multiplier,
      beta: hyperparameters.beta,
      suffix: request.suffix ?? '',
      seed: request.seed ?? randomInt(2 ** 31),
      metadata_json: request.metadata ? JSON.stringify(request.metadata) : null,
      created_at: now,
      restarts: 0,
      idempotency_key: key,
      request_hash: hash,
      patience,
      ...place,
      weight_decay: request.limerick?.weight_decay ?? 0,
    }
  }

  async function alreadyMade(key: string, hash: string): Promise<JobRow | undefined> {
    const row = await rows().where('idempotency_key', '=', key).executeTakeFirst()
    if (row && row.request_hash !== hash)
      throw apiError('conflict', 'This Idempotency-Key was used for a request with other parameters.', {
        code: 'idempotency_key_reused',
      })
    return row
  }

  async function insert(values: Awaited<ReturnType<typeof draft>>): Promise<JobRow> {
    const { training_file, validation_file } = values
    return db.transaction().execute(async (trx) => {
      // The model may have been deleted while the files were copied.
      if (!(await models.find(values.model, trx))) throw notAvailable(values.model, models.bases())
      const row = await trx.insertInto('jobs').values(values).returningAll().executeTakeFirstOrThrow()
      const both = validation_file ? ` and validation file: ${validation_file}` : ''
      await tell(trx, row.id, [
        { topic: 'created', message: `Created fine-tuning job: ${row.id}` },
        { topic: 'validating', message: `Validating training file: ${training_file}${both}` },
        ...doubts(values),
      ])
      return row
    })
  }

  async function copyFiles({ id, training_file, validation_file }: Awaited<ReturnType<typeof draft>>) {
    const mine = copies(disk, id)
    const keep = (file: string, copy: string) =>
      keepCopy(disk.file(file), copy).catch((thrown) => {
        throw isMissing(thrown) ? noSuchFile(file) : thrown
      })
    await keep(training_file, mine.training)
    if (validation_file) await keep(validation_file, mine.validation)
  }

  return {
    get,
    retrieve: async (id: string): Promise<WireJob> => jobOnWire(await get(id)),

    /**
     * Creates the job and its first two events. Idempotent: the same key with the same request returns the same job.
     * @param asked the caller's Idempotency-Key; an empty one counts as none
     */
    async create(body: unknown, asked: string | null): Promise<WireJob> {
      const key = asked?.trim() || null
      const hash = hashOf(body)
      const made = key === null ? undefined : await alreadyMade(key, hash)
      if (made) return jobOnWire(made)
      const values = await draft(parse(JobRequest, body), key, hash)
      try {
        await copyFiles(values)
        return jobOnWire(await insert(values))
      } catch (thrown) {
        await remove(disk.job(values.id))
        // Two simultaneous requests with one key: the second finds the first one's job.
        const twin = key === null ? undefined : await alreadyMade(key, hash)
        if (twin) return jobOnWire(twin)
        throw thrown
      }
    },

    async list(
      { limit, after }: z.infer<typeof JobQuery>,
      metadata?: MetadataFilter,
    ): Promise<List<WireJob>> {
      let query = rows()
        .orderBy('seq', 'desc')
        .limit(limit + 1)
      if (after !== undefined) query = query.where('seq', '<', await placeOf(db, { table: 'jobs' }, after))
      if (metadata === null) query = query.where('metadata_json', 'is', null)
      for (const [key, value] of metadata ?? [])
        query = query.where(
          sql<boolean>`exists (select 1 from json_each(metadata_json) as pair where pair.key = ${key} and pair.value = ${value})`,
        )
      return listOf(await query.execute(), limit, jobOnWire)
    },

    async events(id: string, page: z.infer<typeof EventQuery>) {
      await get(id)
      return listEvents(db, id, page)
    },

    /** Named checkpoints, newest first; the final one is left out, because it is the fine-tuned model itself. */
    async checkpoints(id: string, { limit, after }: z.infer<typeof CheckpointQuery>) {
      const { best_step } = await get(id)
      const place = after === undefined ? null : await placeOf(db, { table: 'checkpoints', job: id }, after)
      const found = await db
        .selectFrom('checkpoints')
        .selectAll()
        .where('job_id', '=', id)
        .where('model', 'is not', null)
        .$narrowType<{ model: string }>()
        .where('final', '=', 0)
        .$if(place !== null, (query) => query.where('seq', '<', place))
        .orderBy('seq', 'desc')
        .limit(limit + 1)
        .execute()
      const list = listOf(found, limit, (row) => checkpointOnWire(row, best_step))
      return { ...list, first_id: list.data.at(0)?.id ?? null, last_id: list.data.at(-1)?.id ?? null }
    },

    /** Jobs whose pause was interrupted by the end of the engine. */
    pausing: (): Promise<JobRow[]> => rows().where('status', '=', 'pausing').execute(),

    unfinishedAt: (launcher: LauncherName): Promise<JobRow[]> =>
      rows().where('launcher', '=', launcher).where('status', 'in', UNFINISHED).execute(),

    /** The oldest job that waits for the check of its files. */
    unchecked: () =>
      rows().where('status', '=', 'validating_files').orderBy('seq').limit(1).executeTakeFirst(),

    /** The oldest job of a place with one of these statuses. @param except ids of those that are at work already */
    oldest: (launcher: LauncherName, except: readonly string[], ...statuses: JobStatus[]) =>
      rows()
        .where('launcher', '=', launcher)
        .where('status', 'in', statuses)
        .where('id', 'not in', [...except, ''])
        .orderBy('seq')
        .limit(1)
        .executeTakeFirst(),
  }
}
export type JobStore = ReturnType<typeof jobStore>
