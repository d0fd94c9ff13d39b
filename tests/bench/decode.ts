/**
 * How fast the shipped base answers: time to first token, tokens per second of one chat, and of several at once.
 * Usage: node tests/bench/decode.ts [model folder] [chats at once]
 */
import { fileURLToPath } from 'node:url'
import { createGenerator } from '#lib/engine/worker/generate.ts'

const shipped = fileURLToPath(new URL('../../lib/engine/base', import.meta.url))
const [model = shipped, together = '4'] = process.argv.slice(2)
const ROUNDS = 15
const elements = ['Gold', 'Helium', 'Zinc', 'Uranium', 'Iron', 'Neon', 'Lead', 'Tin']

interface Timing {
  /** ms from the order to the first token. */
  first: number
  /** ms from the order to the end. */
  total: number
  tokens: number
}

/** Several chats ordered in the same moment. */
function write(generator: ReturnType<typeof createGenerator>, ids: string[]): Promise<Timing[]> {
  const { promise, resolve, reject } = Promise.withResolvers<Timing[]>()
  const began = performance.now()
  const timings = new Map<string, Timing>(ids.map((id) => [id, { first: 0, total: 0, tokens: 0 }]))
  let left = ids.length
  listen = (report) => {
    const timing = timings.get(report.id)
    if (!timing) return
    if (report.kind === 'token') timing.first ||= performance.now() - began
    if (report.kind === 'refused') reject(new Error(report.message))
    if (report.kind !== 'finished') return
    timing.total = performance.now() - began
    timing.tokens = report.completionTokens
    if (--left === 0) resolve([...timings.values()])
  }
  ids.forEach((id, index) => {
    const messages = [
      { role: 'system', content: 'Elle is a factual chatbot that answers questions about elements' },
      { role: 'user', content: `Tell me about ${elements[index % elements.length]}` },
    ]
    const sampling = {
      maxTokens: 80,
      temperature: 1,
      topP: 0.95,
      seed: index,
      stop: [],
      topLogprobs: null,
      exact: false,
    }
    generator.start({ kind: 'generate', id, model, messages, ...sampling })
  })
  return promise
}

type Listen = Parameters<typeof createGenerator>[0]
let listen: Listen = () => {}

const median = (values: number[]): number => values.toSorted((x, y) => x - y)[values.length >> 1] ?? 0
const generator = createGenerator((report) => listen(report), 1)

const [cold] = await write(generator, ['cold'])
const alone: Timing[] = []
for (let round = 0; round < ROUNDS; round++) alone.push(...(await write(generator, [`alone ${round}`])))
const crowd: Timing[][] = []
for (let round = 0; round < ROUNDS; round++)
  crowd.push(
    await write(
      generator,
      Array.from({ length: Number(together) }, (_, index) => `${round} ${index}`),
    ),
  )

const speed = ({ first, total, tokens }: Timing) => ((tokens - 1) * 1000) / (total - first)
const sum = (timings: Timing[]) =>
  (timings.reduce((tokens, timing) => tokens + timing.tokens, 0) * 1000) /
  Math.max(...timings.map(({ total }) => total))
console.log(
  `first token      ${cold?.first.toFixed(0)} ms with reading the model, then ${median(alone.map(({ first }) => first)).toFixed(1)} ms`,
)
console.log(`one chat         ${median(alone.map(speed)).toFixed(0)} tokens/s`)
console.log(
  `${together} chats at once  ${median(crowd.map(sum)).toFixed(0)} tokens/s together, first token after ${median(crowd.flat().map(({ first }) => first)).toFixed(1)} ms`,
)
console.log(`memory           ${(process.memoryUsage().rss / 1e6).toFixed(0)} MB resident`)
