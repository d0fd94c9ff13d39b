/**
 * Greedy chats, one after another and eight at once that share a system prompt: time to the first token with and
 * without reading the model, tokens per second, memory.
 * Usage: node tests/bench/answers.ts FOLDER THREADS [exact]
 */
import { createGenerator } from '#lib/engine/worker/generate.ts'
import type { GeneratorReport } from '#lib/engine/worker/protocol.ts'
import { PROMPT, questions, TOKENS } from './engine-prompt.ts'
import { quantile } from './figures.ts'

const [model = '', threads = '1', precision = 'auto'] = process.argv.slice(2)
const ROUNDS = 5

interface Answer {
  /** ms from the order to the first token, and to the end. */
  first: number
  total: number
  tokens: number
  prompt: number
}

let hear: (report: GeneratorReport) => void = () => {}
const generator = createGenerator((report) => hear(report), Number(threads))

/** Chats that are ordered in the same moment. */
function answer(round: string, prompts: (typeof PROMPT)[]): Promise<Answer[]> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer[]>()
  const began = performance.now()
  const since = () => performance.now() - began
  const firsts = new Map<string, number>()
  const answers: Answer[] = []
  hear = (report) => {
    if (report.kind === 'token' && !firsts.has(report.id)) firsts.set(report.id, since())
    if (report.kind === 'refused') reject(new Error(report.message))
    if (report.kind !== 'finished') return
    const { promptTokens: prompt, completionTokens: tokens } = report
    answers.push({ first: firsts.get(report.id) ?? since(), total: since(), tokens, prompt })
    if (answers.length === prompts.length) resolve(answers)
  }
  const sampling = { maxTokens: TOKENS, temperature: 0, topP: 1, seed: 1, stop: [], topLogprobs: null }
  for (const [index, messages] of prompts.entries())
    generator.start({
      ...{ kind: 'generate', id: `${round} ${index}`, model, messages, ...sampling },
      exact: precision === 'exact',
    })
  return promise
}

/** Tokens per second after the first token. */
const rate = ({ first, total, tokens }: Answer): number => ((tokens - 1) * 1000) / (total - first)
/** Tokens per second of all together, from the order to the end, with the reading of the prompts. */
const together = (answers: Answer[]): number =>
  (answers.reduce((sum, { tokens }) => sum + tokens, 0) * 1000) /
  Math.max(...answers.map(({ total }) => total))

/** Answers of some rounds, and the CPU time that a token took, in ms. */
async function rounds(name: string, prompts: (typeof PROMPT)[]) {
  const answers: Answer[][] = []
  const began = process.cpuUsage()
  for (let round = 0; round < ROUNDS; round++) answers.push(await answer(`${name} ${round}`, prompts))
  const { user, system } = process.cpuUsage(began)
  const tokens = answers.flat().reduce((sum, each) => sum + each.tokens, 0)
  return { answers, cpu: (user + system) / 1000 / tokens }
}

const [cold] = (await answer('cold', [PROMPT])) as [Answer]
const one = await rounds('one', [PROMPT])
await answer('warm', questions) // the first step of each number of rows is taken both ways
const eight = await rounds('eight', questions)

const name = `answers    ${precision === 'exact' ? 'float32' : 'default'}, ${threads} thread(s)`
const alone = one.answers.flat()
const first = Math.min(...alone.map((each) => each.first))
const memory = (process.resourceUsage().maxRSS / 1024).toFixed(0)
console.log(
  `${name}: ${Math.max(...alone.map(rate)).toFixed(1)} tokens/s, first token ${first.toFixed(0)} ms after ${cold.prompt} tokens (best of ${ROUNDS}); with reading the model ${(cold.first / 1000).toFixed(1)} s, ${memory} MiB at most`,
)
const [single, crowd] = [one, eight].map(({ answers }) => Math.max(...answers.map(together))) as [
  number,
  number,
]
const firsts = quantile(
  eight.answers.flat().map((each) => each.first),
  0.5,
)
console.log(
  `${name}, ${questions.length} at once: ${crowd.toFixed(1)} tokens/s with their prompts, ${(crowd / single).toFixed(1)} times one chat; CPU time per token ${eight.cpu.toFixed(2)} ms instead of ${one.cpu.toFixed(2)}; first token ${firsts.toFixed(0)} ms (median)`,
)
process.exit(0) // ONNX Runtime's threads are still there
