import { fork } from 'node:child_process'
import { on } from 'node:events'
import { fileURLToPath } from 'node:url'
import { childEnv } from '#lib/core/child-env.ts'
import { type Example, type Message, type Preference, textOf } from '#lib/training-data/schema.ts'
import { type Reading, worstReading } from '#lib/training-data/verdict.ts'

const WORKER = fileURLToPath(new URL('../engine/worker/main.ts', import.meta.url))
const BASE = fileURLToPath(new URL('../engine/base', import.meta.url))

/** As in lib/engine/worker/protocol.ts: the engine is another program, so nothing is imported. */
type Report =
  | { kind: 'reading'; id: number }
  | { kind: 'measured'; id: number; reading: Reading }
  | { kind: 'refused'; id: number; error: { error: { message: string } } }

interface Turn {
  role: string
  content: string
  weight: number
}

const turnsOf = (messages: readonly Message[], weight?: number): Turn[] =>
  messages.map((message) => ({
    role: message.role,
    content: textOf(message.content),
    weight: weight ?? message.weight ?? 1,
  }))

/** What the engine trains on: of a preference pair, the prompt with each answer. */
function conversationsOf(example: Example | Preference): Turn[][] {
  if ('messages' in example) return [turnsOf(example.messages)]
  const asked = turnsOf(example.input.messages, 0)
  return [example.preferred_output, example.non_preferred_output].map((answer) => [
    ...asked,
    ...turnsOf(answer, 1),
  ])
}

/** The engine's own tokenizer in a child process: how much of an example the built-in base model reads. */
export function openEngineReader() {
  const child = fork(WORKER, ['tokenize'], {
    env: childEnv(),
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const reports = on(child, 'message', { close: ['disconnect'] }) as AsyncIterator<[Report]>
  let id = 0
  async function measure(turns: Turn[], limit: number): Promise<Reading> {
    child.send({ id: ++id, model: BASE, turns, opened: false, measured: true, limit })
    for (;;) {
      const { value, done } = await reports.next()
      if (done) throw new Error('The tokenizing process ended unexpectedly.')
      const [report] = value
      if (report.kind === 'measured') return report.reading
      if (report.kind === 'refused') throw new Error(report.error.error.message)
    }
  }
  return {
    async read(example: Example | Preference, limit: number): Promise<Reading> {
      const readings: Reading[] = []
      for (const turns of conversationsOf(example)) readings.push(await measure(turns, limit))
      return worstReading(readings) ?? { tokens: 0, trained: 0, left: 0 }
    },
    close: () => child.disconnect(),
  }
}
