import { availableParallelism } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Kysely } from 'kysely'
import { emptyLostFound, moveStrangers } from '#lib/db/lost-found.ts'
import { closeDatabase, openDatabase } from '#lib/db/open.ts'
import { addAdapters } from './adapter-folders.ts'
import type { AnswerServer } from './answerer.ts'
import { readBases } from './base-models.ts'
import { exportStore } from './exports.ts'
import { fileStore } from './files.ts'
import { createGenerator } from './generator.ts'
import { jobState } from './job-state.ts'
import { jobStore } from './jobs.ts'
import { createMeasurer } from './measurer.ts'
import { createLibrary } from './model-library.ts'
import { modelStore } from './models.ts'
import { startRunner } from './runner.ts'
import { type Settings, usualHub, usualPatience } from './settings.ts'
import { tidyEnded } from './snapshots.ts'
import { type Disk, openDisk } from './storage.ts'
import type { EngineTables } from './tables.ts'
import { throughputBook } from './throughput.ts'
import { createTokenizers } from './tokenizers.ts'
import { createTrainers } from './trainers/trainers.ts'
import { trlMeasures } from './trainers/trl-measures.ts'
import { uploadStore } from './uploads.ts'
import type { VllmServer } from './vllm.ts'

const migrations = fileURLToPath(new URL('./migrations', import.meta.url))

/** Folders whose entries are named by row ids of the table with the same name. */
const CONTENTS = ['files', 'parts', 'jobs'] as const

/** A crash between writing a file and its row leaves an orphan; moves orphans out of the way. */
async function moveUnknown(db: Kysely<EngineTables>, { root }: Disk): Promise<void> {
  for (const table of CONTENTS) {
    const rows = await db.selectFrom(table).select('id').execute()
    const known = new Set(rows.map(({ id }) => id))
    await moveStrangers(root, table, (name) => known.has(name))
  }
  await emptyLostFound(root)
}

/**
 * Opens the engine's folder and resumes unfinished jobs.
 * @throws if another process owns the folder
 */
export async function openEngine({
  folder,
  modelsFolder,
  memoryLimit = null,
  python = null,
  environment = null,
  cluster = null,
  vllm: server = null,
  torchAnswers = 'auto',
  patience = usualPatience,
  hub = usualHub,
}: Pick<Settings, 'folder' | 'modelsFolder'> & Partial<Settings>) {
  const disk = await openDisk(folder)
  const db = await openDatabase<EngineTables>(path.join(folder, 'engine.db'), migrations, {
    contents: CONTENTS,
  })
  await moveUnknown(db, disk)
  const refuse = (model: string, reason: string) => models.refuse(model, reason)
  const generator = createGenerator({ patience: patience.tokenizer, refuse })
  const files = fileStore(db, disk)
  const uploads = uploadStore(db, disk, files)
  await uploads.tidy()
  const [speeds, measures] = [throughputBook(db), trlMeasures(db)]
  const modelsFolders = modelsFolder === null ? [disk.models] : [modelsFolder, disk.models]
  const bases = readBases(modelsFolders)
  await addAdapters(bases, modelsFolders, disk.adapters)
  let vllm: VllmServer | null = null
  const servers: AnswerServer[] = []
  const forget = (model: string): void => {
    generator.forget(model)
    vllm?.forget(model)
  }
  const models = modelStore(db, disk, bases, speeds, forget, memoryLimit)
  const tokenizers = createTokenizers(models, patience.tokenizer)
  // The official SDK takes a while to load.
  if (server !== null) {
    vllm = (await import('./vllm.ts')).vllmServer({ server, models, tokenizers })
    servers.push(vllm)
  }
  const library = await createLibrary({
    ...{ disk, bases, models, speeds, hub, patience, tokenizers, memoryLimit },
  })
  const exports = exportStore(db, models)
  const threads = availableParallelism() // of trainers: they run at the lowest priority, see worker/main.ts
  const trainers = createTrainers({
    ...{ disk, models, memoryLimit, python, environment, cluster, threads, speeds, measures },
    ...{ tokenizers, torchAnswers },
    isTraining: () => runner.isTraining('trl'),
  })
  servers.push(trainers.torch)
  const jobs = jobStore(db, disk, files, models, trainers)
  await tidyEnded(db, disk)
  const life = jobState(db, disk, files)
  // The runner ends a pause whose trainer is still at work.
  await Promise.all(
    (await jobs.pausing()).map(async (job) => (await trainers.find(job)) ?? life.paused(job.id)),
  )
  const runner = startRunner(
    disk,
    jobs,
    models,
    trainers,
    life,
    tokenizers,
    generator.warm,
    threads,
    memoryLimit,
  )
  const measurer = createMeasurer({ models, speeds, isTraining: runner.isTraining, threads, memoryLimit })
  runner.wake()
  const close = async (): Promise<void> => {
    generator.close()
    tokenizers.close()
    exports.close()
    await Promise.all([trainers.environment?.cancel(), trainers.torch.close()])
    await library.close()
    await runner.close()
    closeDatabase(db)
  }
  return {
    ...{ files, uploads, jobs, models, library, exports, runner, generator, vllm, tokenizers, measurer },
    ...{ trainers, servers },
    close,
  }
}
export type Engine = Awaited<ReturnType<typeof openEngine>>
