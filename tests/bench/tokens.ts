/**
 * Counting tokens: MB of text per CPU-second beside tiktoken's WebAssembly, on the same text in the same run (rounds
 * interleaved, medians; no text comes twice), loading, memory, and a word that does not end.
 * Usage: node tests/bench/tokens.ts [o200k_base|cl100k_base] [megabytes] [seed]
 */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Tiktoken } from 'tiktoken/lite'
import { createCounter } from '#lib/tokens/counter.ts'
import { chatCorpus } from '../support/corpus.ts'
import { quantile } from './figures.ts'

const [encoding = 'o200k_base', megabytes = '40', seed = '7'] = process.argv.slice(2)
/** How many times as much text ours is given, so that both run about as long. */
const SHARE = 8
const ROUND = 250_000 // bytes for tiktoken

const file = createRequire(import.meta.url).resolve(`tiktoken/encoders/${encoding}.json`)
const readTable = () => JSON.parse(readFileSync(file, 'utf8'))
const megabytesOf = (bytes: number) => `${(bytes / 1e6).toFixed(0)} MB`

/** Makes something and tells what that took. */
function loaded<Made>(make: () => Made) {
  const [start, before] = [performance.now(), process.memoryUsage().rss]
  const made = make()
  return { made, ms: performance.now() - start, grown: process.memoryUsage().rss - before }
}

function cpuSeconds(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1e6
}

/** Contents of conversations, in parts of about `bytes` each. */
function* parts(bytes: number): Generator<{ texts: string[]; bytes: number }> {
  let part = { texts: [] as string[], bytes: 0 }
  for (const line of chatCorpus({ megabytes: Number(megabytes), seed: Number(seed) })) {
    const { messages } = JSON.parse(line) as { messages: { content: string }[] }
    for (const { content } of messages) {
      part.texts.push(content)
      part.bytes += Buffer.byteLength(content)
    }
    if (part.bytes < bytes) continue
    yield part
    part = { texts: [], bytes: 0 }
  }
}

const ours = loaded(() => createCounter(readTable()))
const theirs = loaded(() => {
  const { bpe_ranks, special_tokens, pat_str } = readTable()
  return new Tiktoken(bpe_ranks, special_tokens, pat_str)
})
const { count } = ours.made
const oracle = (text: string) => theirs.made.encode_ordinary(text).length

const speeds = { ours: [] as number[], theirs: [] as number[] }
let tokens = 0
let wrong = 0
for (const { texts, bytes } of parts(ROUND * SHARE)) {
  const few = texts.slice(0, Math.ceil(texts.length / SHARE))
  const fewBytes = few.reduce((sum, text) => sum + Buffer.byteLength(text), 0)
  const counted: number[] = []
  const our = cpuSeconds(() => {
    for (const text of texts) counted.push(count(text))
  })
  const truth: number[] = []
  const their = cpuSeconds(() => {
    for (const text of few) truth.push(oracle(text))
  })
  speeds.ours.push(bytes / 1e6 / our)
  speeds.theirs.push(fewBytes / 1e6 / their)
  tokens += counted.reduce((sum, each) => sum + each, 0)
  wrong += truth.filter((each, index) => each !== counted[index]).length
}

const word = (length: number) => {
  const text = Array.from({ length }, (_, i) =>
    String.fromCharCode(97 + ((i * i * 7 + i * 13 + (i >> 3)) % 26)),
  )
  return text.join('')
}
const wordMs = (length: number) => cpuSeconds(() => void count(word(length))) * 1000

const [our, their] = [quantile(speeds.ours, 0.5), quantile(speeds.theirs, 0.5)]
console.log(`${encoding}, ${megabytes} MB of chats, ${tokens} tokens, ${speeds.ours.length} rounds`)
console.log(`ours       ${our.toFixed(1)} MB per CPU-second (first round ${speeds.ours[0]?.toFixed(1)})`)
console.log(
  `tiktoken   ${their.toFixed(1)} MB per CPU-second; ours is ${(our / their).toFixed(1)} times as fast`,
)
console.log(`differing  ${wrong} texts`)
console.log(`loading    ours ${ours.ms.toFixed(0)} ms, ${megabytesOf(ours.grown)} more resident`)
console.log(`           tiktoken ${theirs.ms.toFixed(0)} ms, ${megabytesOf(theirs.grown)} more resident`)
console.log(`one word   of 100 kB ${wordMs(1e5).toFixed(0)} ms, of 1 MB ${wordMs(1e6).toFixed(0)} ms`)
