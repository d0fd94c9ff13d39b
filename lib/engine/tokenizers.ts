import { fromWire } from '#lib/errors.ts'
import { SHIPPED } from './bases.ts'
import { timeToRead, tooLong, tooSlow } from './deadline.ts'
import { charactersOf, type TrainingTurn } from './model/chat-template.ts'
import { type ModelStore, rootOf, type UsableModel } from './models.ts'
import { problem } from './problem.ts'
import { startWorker, type WorkerProcess } from './process.ts'
import type { TokenizerReport, TokenizerRequest } from './worker/protocol.ts'

type Reading = WorkerProcess<TokenizerRequest, TokenizerReport>

/** The process leaves after this long without a text, in ms. */
const IDLE = 60_000

/**
 * Has texts read by the tokenizers of models: in a process of their own, one text at a time, with a deadline. Patterns
 * and templates come with a model's folder and may never come to an end.
 * @param patience ms for a text of up to a megabyte
 */
export function createTokenizers(models: ModelStore, patience: number) {
  let worker: Reading | null = null
  let last: Promise<unknown> = Promise.resolve()
  let count = 0
  let idle: NodeJS.Timeout | undefined

  async function running(): Promise<Reading> {
    clearTimeout(idle)
    worker ??= await startWorker<TokenizerRequest, TokenizerReport>('tokenize')
    return worker
  }

  function stop(): void {
    worker?.kill()
    worker = null
  }

  async function nextOf(to: Reading): Promise<TokenizerReport> {
    const { value, done } = await to.reports[Symbol.asyncIterator]().next()
    if (!done) return value
    if (worker === to) worker = null
    throw problem('internal', `The tokenizing process ended unexpectedly: ${await to.ended}`)
  }

  /** @returns what follows `reading` */
  async function answerOf(to: Reading, model: UsableModel, limit: number): Promise<TokenizerReport> {
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
      throw problem('invalid', tooLong(limit))
    } finally {
      clearTimeout(late)
    }
  }

  async function readNow(model: UsableModel, turns: TrainingTurn[], opened: boolean) {
    const reading = await running()
    reading.send({ id: ++count, model: model.folder, turns, opened })
    try {
      return await answerOf(reading, model, timeToRead(charactersOf(turns), patience))
    } finally {
      idle = setTimeout(stop, IDLE).unref()
    }
  }

  async function read(
    model: UsableModel,
    turns: TrainingTurn[],
    opened: boolean,
    signal?: AbortSignal,
  ): Promise<Uint8Array<ArrayBuffer>> {
    const turn = last.then(() => {
      signal?.throwIfAborted()
      models.expectUsable(model)
      return readNow(model, turns, opened)
    })
    last = turn.catch(() => undefined)
    const report = await turn
    if (report.kind === 'tokens') return new Uint8Array(report.json)
    throw report.kind === 'refused' ? fromWire(report.error) : new Error('two readings at once')
  }

  return {
    /**
     * @returns a WireTokens as JSON in UTF-8
     * @throws AppError `invalid` for a tokenizer that cannot be used or takes too long
     */
    read,
    /** Reads a word with a tokenizer that did not come with us. @throws AppError as `read` does */
    async check(model: UsableModel): Promise<void> {
      if (rootOf(model.name) !== SHIPPED)
        await read(model, [{ role: 'user', content: 'word', weight: 0 }], true)
    },
    close: stop,
  }
}
export type Tokenizers = ReturnType<typeof createTokenizers>
