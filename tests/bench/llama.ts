/**
 * llama.cpp on the same question: tokens per second and time to the first token.
 * Usage: node tests/bench/llama.ts NODE_LLAMA_CPP FILE.gguf THREADS PROMPT
 */
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { TOKENS } from './engine-prompt.ts'

interface Sequence {
  evaluate(tokens: number[], options: { temperature: number; yieldEogToken: boolean }): AsyncIterable<number>
  dispose(): void
}
interface Model {
  createContext(options: { contextSize: number; threads: number }): Promise<{ getSequence(): Sequence }>
  tokenize(text: string, special: boolean): number[]
}
interface NodeLlamaCpp {
  getLlama(options: object): Promise<{ loadModel(options: { modelPath: string }): Promise<Model> }>
}

const [folder = '', modelPath = '', threadsText = '1', prompt = ''] = process.argv.slice(2)
const threads = Number(threadsText)
const ROUNDS = 5

const entry = path.join(folder, 'node_modules/node-llama-cpp/dist/index.js')
const { getLlama }: NodeLlamaCpp = await import(pathToFileURL(entry).href)
const llama = await getLlama({ gpu: false, build: 'never', logLevel: 'error', maxThreads: threads })
const began = performance.now()
const model = await llama.loadModel({ modelPath })
const context = await model.createContext({ contextSize: 512, threads })
const load = performance.now() - began
const tokens = model.tokenize(prompt, true)

async function answer(): Promise<{ first: number; rate: number }> {
  const sequence = context.getSequence()
  const start = performance.now()
  let first = 0
  let count = 0
  for await (const _token of sequence.evaluate(tokens, { temperature: 0, yieldEogToken: true })) {
    first ||= performance.now() - start
    if (++count === TOKENS) break
  }
  const rate = ((count - 1) * 1000) / (performance.now() - start - first)
  sequence.dispose()
  return { first, rate }
}

const rounds: Awaited<ReturnType<typeof answer>>[] = []
for (let round = 0; round < ROUNDS; round++) rounds.push(await answer())
console.log(
  `llama.cpp  Q8_0, ${threads} thread(s): ${Math.max(...rounds.map(({ rate }) => rate)).toFixed(1)} tokens/s, first token ${Math.min(...rounds.map(({ first }) => first)).toFixed(0)} ms after ${tokens.length} tokens (best of ${ROUNDS}); reading the model ${(load / 1000).toFixed(1)} s`,
)
process.exit(0)
