/**
 * One greedy chat after another: time to the first token with and without reading the model, tokens per second, memory.
 * Usage: node tests/bench/answers.ts FOLDER THREADS [exact]
 */
import { createGenerator } from '#lib/engine/worker/generate.ts'
import type { GeneratorReport } from '#lib/engine/worker/protocol.ts'
import { PROMPT, TOKENS } from './engine-prompt.ts'

const [model = '', threads = '1', precision = 'auto'] = process.argv.slice(2)
const ROUNDS = 5

let hear: (report: GeneratorReport) => void = () => {}
const generator = createGenerator((report) => hear(report), Number(threads))

/** ms to the first token, and tokens per second after it. */
function answer(id: string): Promise<{ first: number; rate: number; prompt: number }> {
  const { promise, resolve, reject } = Promise.withResolvers<{
    first: number
    rate: number
    prompt: number
  }>()
  const began = performance.now()
  let first = 0
  hear = (report) => {
    if (report.kind === 'token') first ||= performance.now() - began
    if (report.kind === 'refused') reject(new Error(report.message))
    if (report.kind !== 'finished') return
    const rest = performance.now() - began - first
    resolve({ first, rate: ((report.completionTokens - 1) * 1000) / rest, prompt: report.promptTokens })
  }
  const sampling = { maxTokens: TOKENS, temperature: 0, topP: 1, seed: 1, stop: [], topLogprobs: null }
  generator.start({
    kind: 'generate',
    id,
    model,
    messages: PROMPT,
    ...sampling,
    exact: precision === 'exact',
  })
  return promise
}

const cold = await answer('cold')
const rounds: Awaited<ReturnType<typeof answer>>[] = []
for (let round = 0; round < ROUNDS; round++) rounds.push(await answer(`${round}`))
const first = Math.min(...rounds.map((round) => round.first))
const rate = Math.max(...rounds.map((round) => round.rate))
console.log(
  `answers    ${precision === 'exact' ? 'float32' : 'default'}, ${threads} thread(s): ${rate.toFixed(1)} tokens/s, first token ${first.toFixed(0)} ms after ${cold.prompt} tokens (best of ${ROUNDS}); with reading the model ${(cold.first / 1000).toFixed(1)} s, ${(process.resourceUsage().maxRSS / 1024).toFixed(0)} MiB at most`,
)
process.exit(0) // ONNX Runtime's threads are still there
