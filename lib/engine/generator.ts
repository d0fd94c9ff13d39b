import { startWorker, type WorkerProcess } from './process.ts'
import type { GenerateOrder, GeneratorReport, GeneratorRequest } from './worker/protocol.ts'

type Generating = WorkerProcess<GeneratorRequest, GeneratorReport>

/** Reports of several orders as they arrive, in one line. */
function mailbox() {
  const waiting: GeneratorReport[] = []
  let arrived = () => {}
  return {
    put(report: GeneratorReport): void {
      waiting.push(report)
      arrived()
    },
    async take(): Promise<GeneratorReport> {
      while (waiting.length === 0)
        await new Promise<void>((resolve) => {
          arrived = resolve
        })
      return waiting.shift() as GeneratorReport
    },
  }
}

const isLast = (report: GeneratorReport): boolean => report.kind === 'finished' || report.kind === 'refused'

/** The one process that answers chats; started by the first of them, and again after a death. */
export function createGenerator() {
  const readers = new Map<string, (report: GeneratorReport) => void>()
  let worker: Generating | null = null

  async function listen(to: Generating): Promise<void> {
    for await (const report of to.reports) readers.get(report.id)?.(report)
    const reason = await to.ended
    if (worker === to) worker = null
    const message = `The generating process ended unexpectedly: ${reason}`
    for (const [id, read] of readers) read({ kind: 'refused', id, code: 'internal', message })
  }

  function running(): Generating {
    if (worker === null) {
      worker = startWorker<GeneratorRequest, GeneratorReport>('generate')
      void listen(worker)
    }
    return worker
  }

  return {
    /** Starts the process before it is needed, so that the first answer does not wait for it. */
    warm: (): void => void running(),

    /** Everything the model says to these orders, until all of them have ended; leaving early stops the rest. */
    async *run(orders: GenerateOrder[], signal: AbortSignal): AsyncGenerator<GeneratorReport> {
      const box = mailbox()
      const open = new Set(orders.map(({ id }) => id))
      const process = running()
      const gone = { kind: 'refused', id: '', code: 'internal', message: 'The caller has left.' } as const
      const leave = () => box.put(gone)
      if (signal.aborted) return
      signal.addEventListener('abort', leave)
      for (const order of orders) {
        readers.set(order.id, box.put)
        process.send(order)
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

    /** The model's folder is about to go. */
    forget: (model: string): void => worker?.send({ kind: 'forget', model }),

    close: (): void => worker?.kill(),
  }
}
export type Generator = ReturnType<typeof createGenerator>
