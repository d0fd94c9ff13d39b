import { timeToRead, tooLong, tooSlow } from './deadline.ts'
import type { GenerateOrder, GeneratorReport, GeneratorRequest } from './worker/protocol.ts'
import { startWorker, type WorkerProcess } from './worker-process.ts'

type Generating = WorkerProcess<GeneratorRequest, GeneratorReport>

/** Reports for a chat; `encoding` and `encoded` concern only the deadline. */
export type ChatReport = Exclude<GeneratorReport, { kind: 'encoding' | 'encoded' }>
type Encoding = Extract<GeneratorReport, { kind: 'encoding' }>

/** Queues the reports of several orders in order of arrival. */
function mailbox() {
  const waiting: ChatReport[] = []
  let arrived = () => {}
  return {
    put(report: ChatReport): void {
      waiting.push(report)
      arrived()
    },
    async take(): Promise<ChatReport> {
      while (waiting.length === 0)
        await new Promise<void>((resolve) => {
          arrived = resolve
        })
      return waiting.shift() as ChatReport
    },
  }
}

const isLast = (report: ChatReport): boolean => report.kind === 'finished' || report.kind === 'refused'

interface Options {
  /** Time limit in ms for tokenizing a prompt of up to one megabyte. */
  patience: number
  /** Called with a model's folder when its tokenizer exceeded the limit. @returns whether the model is now disabled */
  refuse: (folder: string, reason: string) => boolean
}

/** The single worker process for chats; started by the first chat and restarted after a crash. */
export function createGenerator({ patience, refuse }: Options) {
  const readers = new Map<string, (report: ChatReport) => void>()
  let worker: Promise<Generating> | null = null
  /** Deadline of the prompt being tokenized: the process tokenizes one at a time. */
  let deadline: NodeJS.Timeout | undefined
  /** Processes that no longer respond, and why. */
  const endings = new WeakMap<Generating, string>()

  function sayEnded(id: string, process: Generating): void {
    const message = `The generating process ended unexpectedly: ${endings.get(process)}`
    readers.get(id)?.({ kind: 'refused', id, code: 'internal', message })
  }

  /** A hanging tokenizer blocks every chat: kill the process and disable the model. */
  function endLate(hung: Generating, { id, model, characters }: Encoding): void {
    const limit = timeToRead(characters, patience)
    const message = refuse(model, tooSlow(limit))
      ? `The model is not used any more: ${tooSlow(limit)}. Mend its folder and start again.`
      : tooLong(limit)
    readers.get(id)?.({ kind: 'refused', id, code: 'model', message })
    readers.delete(id)
    endings.set(hung, 'another chat did not come to an end with its prompt. Ask again')
    hung.kill()
  }

  function hear(from: Generating, report: GeneratorReport): void {
    if (report.kind === 'encoding') {
      const late = () => endLate(from, report)
      deadline = setTimeout(late, timeToRead(report.characters, patience))
    } else if (report.kind === 'encoded') clearTimeout(deadline)
    else readers.get(report.id)?.(report)
  }

  async function listen(to: Generating): Promise<void> {
    for await (const report of to.reports) hear(to, report)
    const reason = await to.ended
    clearTimeout(deadline)
    worker = null
    if (!endings.has(to)) endings.set(to, reason)
    for (const id of readers.keys()) sayEnded(id, to)
  }

  async function start(): Promise<Generating> {
    try {
      const started = await startWorker<GeneratorRequest, GeneratorReport>('generate')
      void listen(started)
      return started
    } catch (thrown) {
      worker = null // the next chat starts a new process
      throw thrown
    }
  }

  function running(): Promise<Generating> {
    worker ??= start()
    return worker
  }

  return {
    /** Starts the process early, so that the first answer does not wait for it. */
    warm(): void {
      running().catch(() => undefined) // the next chat reports the error
    },

    /**
     * All reports for these orders until all have ended; returning early aborts the rest.
     * @throws AppError `unavailable` if the process cannot be started
     */
    async *run(orders: GenerateOrder[], signal: AbortSignal): AsyncGenerator<ChatReport> {
      const box = mailbox()
      const open = new Set(orders.map(({ id }) => id))
      const process = await running()
      const gone = { kind: 'refused', id: '', code: 'internal', message: 'The caller has left.' } as const
      const leave = () => box.put(gone)
      if (signal.aborted) return
      signal.addEventListener('abort', leave)
      for (const order of orders) {
        readers.set(order.id, box.put)
        process.send(order)
        if (endings.has(process)) sayEnded(order.id, process)
      }
      try {
        while (open.size > 0) {
          const report = await box.take()
          if (signal.aborted) return
          if (isLast(report)) open.delete(report.id)
          yield report
        }
      } finally {
        signal.removeEventListener('abort', leave)
        for (const { id } of orders) readers.delete(id)
        for (const id of open) process.send({ kind: 'abort', id })
      }
    },

    /** Releases a model before its folder is deleted. */
    forget(model: string): void {
      worker?.then(
        (process) => process.send({ kind: 'forget', model }),
        () => undefined,
      )
    },

    close(): void {
      worker?.then(
        (process) => process.kill(),
        () => undefined,
      )
    },
  }
}
export type Generator = ReturnType<typeof createGenerator>
