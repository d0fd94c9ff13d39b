import { fork } from 'node:child_process'
import { on } from 'node:events'
import { fileURLToPath } from 'node:url'
import { childEnv } from '#lib/core/child-env.ts'
import { type Example, type Preference, textOf } from '#lib/training-data/schema.ts'
import type { Reading } from '#lib/training-data/verdict.ts'

const WORKER = fileURLToPath(new URL('../engine/worker/main.ts', import.meta.url))
const BASE = fileURLToPath(new URL('../engine/base', import.meta.url))

/** As in lib/engine/worker/protocol.ts: the engine is another program, so nothing is imported. */
type Report =
  | { kind: 'reading'; id: number }
  | { kind: 'measured'; id: number; reading: Reading }
  | { kind: 'refused'; id: number; error: { error: { message: string } } }

/** The engine's own tokenizer in a child process: how much of an example the built-in base model reads. */
export function openEngineReader() {
  const child = fork(WORKER, ['tokenize'], {
    env: childEnv(),
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const reports = on(child, 'message', { close: ['disconnect'] }) as AsyncIterator<[Report]>
  let id = 0
  return {
    async read(example: Example | Preference, limit: number): Promise<Reading> {
      if (!('messages' in example)) throw new Error('The engine reads no preference pairs.')
      const turns = example.messages.map(({ role, content, weight }) => ({
        role,
        content: typeof content === 'string' ? content : textOf(content),
        weight: weight ?? 1,
      }))
      child.send({ id: ++id, model: BASE, turns, opened: false, measured: true, limit })
      for (;;) {
        const { value, done } = await reports.next()
        if (done) throw new Error('The tokenizing process ended unexpectedly.')
        const [report] = value
        if (report.kind === 'measured') return report.reading
        if (report.kind === 'refused') throw new Error(report.error.error.message)
      }
    },
    close: () => child.disconnect(),
  }
}
