import { Readable } from 'node:stream'
import type { Kysely } from 'kysely'
import { z } from 'zod'
import { fromWire } from '#lib/core/errors.ts'
import { AUTOMATIC_BETA } from '#lib/training-data/plan.ts'
import { apiError, parse, unsupported } from './api-error.ts'
import { cleanName } from './base-models.ts'
import { stepsOf } from './events.ts'
import { automaticLearningRate } from './model/defaults.ts'
import { readModelConfig } from './model/model-config.ts'
import type { ModelStore, UsableModel } from './models.ts'
import type { EngineTables } from './tables.ts'
import type { WireExports } from './wire.ts'
import type { ExportChoice, ExportFacts, ExportOrder, ExportReport } from './worker/protocol.ts'
import { startWorker, type WorkerProcess } from './worker-process.ts'

type Exporter = WorkerProcess<ExportOrder, ExportReport>

/** Exports at once: each is a process that reads a whole model. */
const MOST = 2

const Query = z.object({
  format: z.enum(['adapter', 'merged', 'gguf']).optional(),
  type: z.enum(['f16', 'q8_0']).optional(),
})

/**
 * What a request asks for.
 * @returns null to list the formats
 * @throws AppError `invalid` for an unknown format or type, or a type without GGUF
 */
export function exportChoice(query: Record<string, string>): ExportChoice | null {
  const { format, type } = parse(Query, query)
  if (format === 'gguf') return { format, type: type ?? 'q8_0' }
  if (type !== undefined) throw unsupported('type', 'Only format=gguf has types.')
  return format === undefined ? null : { format }
}

/** A model's name for files: `ft:limerick-base:limerick:poems:AbCd1234` → `limerick-base-poems-AbCd1234`. */
function fileName(name: string): string {
  const parts = name.split(':')
  const isTelling = (part: string, index: number) => part !== '' && index !== 0 && index !== 2
  return cleanName(parts.length < 3 ? name : parts.filter(isTelling).join('-'))
}

const busy = () =>
  apiError('rate_limited', `${MOST} exports are being written already. Try again when one of them is done.`, {
    code: 'too_many_exports',
  })

/** A process whose output is not read to its end would never count as ended. */
function stop({ kill, output }: Exporter): void {
  kill()
  output?.destroy()
}

/** Takes models away: a separate process writes each export straight into the response. */
export function exportStore(db: Kysely<EngineTables>, models: ModelStore) {
  const running = new Set<Exporter>()
  /** Of exports, also those that are being started. */
  let count = 0
  let lastList: Promise<unknown> = Promise.resolve()

  async function start(): Promise<Exporter> {
    const exporter = await startWorker<ExportOrder, ExportReport>('export')
    running.add(exporter)
    void exporter.ended.then(() => running.delete(exporter))
    return exporter
  }

  async function trainingOf(model: UsableModel): Promise<ExportFacts['training']> {
    if (model.job === null) return null
    const job = await db.selectFrom('jobs').selectAll().where('id', '=', model.job).executeTakeFirst()
    if (!job) return null
    const rows = new Set((await stepsOf(db, job.id)).flatMap(({ limerick }) => limerick.rows))
    const rate = automaticLearningRate(job.method, readModelConfig(model.folder), job.objective)
    return {
      job: job.id,
      from: job.model,
      method: job.method,
      preference: job.objective === 'dpo' ? { beta: job.beta ?? AUTOMATIC_BETA } : null,
      rows: rows.size,
      epochs: job.epochs ?? 1,
      batchSize: job.batch_size ?? 1,
      learningRate: rate * (job.learning_rate_multiplier ?? 1),
      weightDecay: job.weight_decay,
    }
  }

  async function factsOf(model: UsableModel): Promise<ExportFacts> {
    const { base, under } = await models.origin(model)
    return {
      model: model.name,
      name: fileName(model.name),
      base: base?.name ?? under,
      origin: base?.folder ?? null,
      under,
      training: await trainingOf(model),
    }
  }

  /** Starts a process on an order. @returns it and its first report */
  async function ask(name: string, choice: ExportChoice | null, signal: AbortSignal) {
    const model = await models.get(name)
    const facts = await factsOf(model)
    const exporter = await start()
    if (signal.aborted) stop(exporter)
    signal.addEventListener('abort', () => stop(exporter), { once: true })
    exporter.send({ model: model.folder, facts, choice })
    for await (const report of exporter.reports) {
      if (report.kind === 'refused') throw fromWire(report.error)
      return { exporter, report }
    }
    throw apiError('internal', `The exporting process ended unexpectedly: ${await exporter.ended}`)
  }

  async function list(name: string, signal: AbortSignal): Promise<WireExports> {
    signal.throwIfAborted()
    const { exporter, report } = await ask(name, null, signal)
    stop(exporter)
    return { object: 'list', data: report.kind === 'offers' ? report.offers : [] }
  }

  /** The bytes of a zip file. The process ends when the reader stops; if the process fails, the download breaks off. */
  async function* bytesOf(exporter: Exporter): AsyncGenerator<Uint8Array> {
    try {
      yield* exporter.output ?? []
      const how = await exporter.ended
      if (how !== 'exit code 0') throw new Error(`The export broke off: ${how}`)
    } finally {
      stop(exporter)
    }
  }

  return {
    /** The formats of a model, with their sizes; one list is made at a time. @throws AppError `not_found` */
    offers(name: string, signal: AbortSignal): Promise<WireExports> {
      const turn = lastList.then(() => list(name, signal))
      lastList = turn.catch(() => undefined)
      return turn
    },

    /**
     * One export as a zip file.
     * @throws AppError `not_found` for the model, `invalid` for a format that it does not have, `rate_limited` while
     * others are written
     */
    async open(name: string, choice: ExportChoice, signal: AbortSignal) {
      if (count >= MOST) throw busy()
      count += 1
      try {
        const { exporter, report } = await ask(name, choice, signal)
        void exporter.ended.then(() => count--)
        if (report.kind !== 'began') throw new Error('a list where an export was asked for')
        const { filename, bytes } = report
        return { filename, bytes, body: Readable.from(bytesOf(exporter), { objectMode: false }) }
      } catch (thrown) {
        count -= 1
        throw thrown
      }
    },

    close(): void {
      for (const exporter of running) stop(exporter)
    },
  }
}
export type ExportStore = ReturnType<typeof exportStore>
