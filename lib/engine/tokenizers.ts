import { fromWire } from '#lib/core/errors.ts'
import type { Reading } from '#lib/training-data/verdict.ts'
import { apiError } from './api-error.ts'
import { SHIPPED } from './base-models.ts'
import { timeToRead, tooLong, tooSlow } from './deadline.ts'
import { charactersOf, type TrainingTurn } from './model/conversation.ts'
import { type ModelStore, rootOf, type UsableModel } from './models.ts'
import type { TokenizerReport, TokenizerRequest } from './worker/protocol.ts'
import { startWorker, type WorkerProcess } from './worker-process.ts'

type Reader = WorkerProcess<TokenizerRequest, TokenizerReport>
type Asked = Pick<TokenizerRequest, 'turns' | 'opened' | 'measured' | 'limit'>

/** The process exits after being idle this long, in ms. */
const IDLE = 60_000

/**
 * Runs models' tokenizers in a separate process, one text at a time, with a deadline: patterns
 * and templates come from a model's folder and may never terminate.
 * @param patience ms for a text of up to a megabyte
 */
export function createTokenizers(models: ModelStore, patience: number) {
  let worker: Reader | null = null
  let last: Promise<unknown> = Promise.resolve()
  let count = 0
  let idle: NodeJS.Timeout | undefined

  async function running(): Promise<Reader> {
    clearTimeout(idle)
    worker ??= await startWorker<TokenizerRequest, TokenizerReport>('tokenize')
    return worker
  }

  function stop(): void {
    worker?.kill()
    worker = null
  }

  async function nextOf(to: Reader): Promise<TokenizerReport> {
    const { value, done } = await to.reports[Symbol.asyncIterator]().next()
    if (!done) return value
    if (worker === to) worker = null
    throw apiError('internal', `The tokenizing process ended unexpectedly: ${await to.ended}`)
  }

  /** @returns the report after `reading` */
  async function answerOf(to: Reader, model: UsableModel, limit: number): Promise<TokenizerReport> {
    await nextOf(to)
    let isLate = false
    const late = setTimeout(() => {
      isLate = true
      models.refuse(model.folder, tooSlow(limit))
      stop()
    }, limit)
    try {
      return await nextOf(to)
    } catch (thrown) {
      if (!isLate) throw thrown
      models.expectUsable(model)
      throw apiError('invalid', tooLong(limit))
    } finally {
      clearTimeout(late)
    }
  }

  async function readNow(model: UsableModel, asked: Asked) {
    const reading = await running()
    reading.send({ id: ++count, model: model.folder, ...asked })
    try {
      return await answerOf(reading, model, timeToRead(charactersOf(asked.turns), patience))
    } finally {
      idle = setTimeout(stop, IDLE).unref()
    }
  }

  /** Queues a request; it runs when the earlier ones are done. */
  async function ask(model: UsableModel, asked: Asked, signal?: AbortSignal): Promise<TokenizerReport> {
    const turn = last.then(() => {
      signal?.throwIfAborted()
      models.expectUsable(model)
      return readNow(model, asked)
    })
    last = turn.catch(() => undefined)
    const report = await turn
    if (report.kind === 'refused') throw fromWire(report.error)
    return report
  }

  async function read(
    model: UsableModel,
    turns: TrainingTurn[],
    opened: boolean,
    signal?: AbortSignal,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const report = await ask(model, { turns, opened }, signal)
    if (report.kind === 'tokens') return new Uint8Array(report.json)
    throw new Error('two readings at once')
  }

  return {
    /**
     * @returns a WireTokens as JSON in UTF-8
     * @throws AppError `invalid` for a tokenizer that is unusable or too slow
     */
    read,
    /** How much of a conversation the trainer would use, of so many tokens. @throws AppError as `read` does */
    async measure(model: UsableModel, turns: TrainingTurn[], limit?: number): Promise<Reading> {
      const report = await ask(model, { turns, opened: false, measured: true, limit })
      if (report.kind === 'measured') return report.reading
      throw new Error('two readings at once')
    },
    /** Tests a tokenizer other than the shipped one with a single word. @throws AppError as `read` does */
    async check(model: UsableModel): Promise<void> {
      if (rootOf(model.name) !== SHIPPED)
        await read(model, [{ role: 'user', content: 'word', weight: 0 }], true)
    },
    close: stop,
  }
}
export type Tokenizers = ReturnType<typeof createTokenizers>
