import { cp, mkdir, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Kysely } from 'kysely'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabase } from '#lib/db/open.ts'
import { readBases } from '#lib/engine/base-models.ts'
import { fileStore } from '#lib/engine/files.ts'
import { type JobStore, jobStore } from '#lib/engine/jobs.ts'
import { type ModelStore, modelStore } from '#lib/engine/models.ts'
import { type Disk, openDisk } from '#lib/engine/storage.ts'
import type { EngineTables } from '#lib/engine/tables.ts'
import { throughputBook } from '#lib/engine/throughput.ts'
import { createTokenizers } from '#lib/engine/tokenizers.ts'
import { createTrainers } from '#lib/engine/trainers/trainers.ts'
import { trlMeasures } from '#lib/engine/trainers/trl-measures.ts'
import { limericks, newFolder } from '#tests/support/engine.ts'

const shipped = fileURLToPath(new URL('../../lib/engine/base', import.meta.url))
const RACES = 30

let root: string
let db: Kysely<EngineTables>
let disk: Disk
let models: ModelStore
let jobs: JobStore
let training_file: string

/** The engine's stores without its runner: what is created here stays queued. */
beforeAll(async () => {
  root = await newFolder()
  disk = await openDisk(root)
  db = await openDatabase<EngineTables>(path.join(root, 'engine.db'), path.resolve('lib/engine/migrations'))
  const files = fileStore(db, disk)
  const [speeds, measures] = [throughputBook(db), trlMeasures(db)]
  models = modelStore(db, disk, readBases([]), speeds, () => undefined)
  const trainers = createTrainers({
    ...{
      disk,
      models,
      memoryLimit: null,
      python: null,
      environment: null,
      cluster: null,
      threads: 1,
      speeds,
      measures,
      tokenizers: createTokenizers(models, 1_000),
      torchAnswers: 'never',
      isTraining: () => false,
    },
  })
  jobs = jobStore(db, disk, files, models, trainers)
  const temporary = disk.temporary()
  await writeFile(temporary, `${limericks(10).join('\n')}\n`)
  const row = await files.adopt(temporary, {
    filename: 'training.jsonl',
    purpose: 'fine-tune',
    bytes: 1,
  })
  training_file = row.id
})
afterAll(async () => {
  await db.destroy()
  await rm(root, { recursive: true, force: true })
})

/** A fine-tuned model, as an ended job leaves one behind. */
async function modelOf(job: string, index: number): Promise<string> {
  const model = `ft:limerick-base:limerick::Race${index}`
  const folder = path.join(disk.job(job), `model-${index}`)
  await mkdir(folder, { recursive: true })
  await cp(path.join(shipped, 'config.json'), path.join(folder, 'config.json'))
  const row = { id: `ftckpt-${index}`, job_id: job, step: index, folder: `model-${index}`, model }
  await db
    .insertInto('checkpoints')
    .values({ ...row, metrics_json: '{}', created_at: Date.now(), final: 1 })
    .execute()
  return model
}

test('a base that is deleted while a job is made of it: one of both, never both', async () => {
  const first = await jobs.create({ model: 'limerick-base', training_file }, null)
  for (let index = 0; index < RACES; index++) {
    const model = await modelOf(first.id, index)
    // Some ticks apart, either way, so that each comes in every gap of the other.
    const later = async (ticks: number) => {
      for (let tick = 0; tick < ticks; tick++) await new Promise(setImmediate)
    }
    const made = later(index % 3).then(() => jobs.create({ model, training_file }, null))
    const gone = later(index).then(() => models.delete(model))
    const [job, deleted] = await Promise.allSettled([made, gone])
    expect([job.status, deleted.status].toSorted()).toEqual(['fulfilled', 'rejected'])
    if (job.status === 'rejected') expect(job.reason).toMatchObject({ code: 'invalid', param: 'model' })
    if (deleted.status === 'rejected') expect(deleted.reason.message).toMatch(/is still needed by ftjob-/)
  }
})
