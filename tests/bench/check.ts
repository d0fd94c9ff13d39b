/**
 * Checking a training file: every rule, exact token counts, comparison of all rows and the figures, in MB per
 * CPU-second and peak memory, beside the same with tiktoken's wasm as the counter, without counting, and beside
 * JSON.parse alone. Each runs in a process of its own over the same file on the disk.
 * Usage: node tests/bench/check.ts [megabytes] [rounds]
 */
import { fork } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { workerFlags } from '#lib/datasets/worker/flags.ts'
import { counterOf } from '#lib/tokens/count.ts'
import { readFacts } from '#lib/training-data/facts.ts'
import { MAX_LINE_BYTES, textLines } from '#lib/training-data/jsonl.ts'
import { ReportBuilder } from '#lib/training-data/report.ts'
import { chatCorpus } from '../support/corpus.ts'
import { quantile } from './figures.ts'

interface Measured {
  seconds: number
  bytes: number
  lines: number
  tokens: number
  peak: number
}

const LF = 0x0a
const BLOCK = 1024 * 1024

/** Blocks of whole lines in one buffer that is used again and again. */
function* blocksOf(file: string): Generator<Uint8Array> {
  const buffer = Buffer.allocUnsafe(MAX_LINE_BYTES + BLOCK)
  const handle = openSync(file, 'r')
  let held = 0
  for (;;) {
    const read = readSync(handle, buffer, held, BLOCK, null)
    const filled = held + read
    const end = read === 0 ? filled : buffer.subarray(0, filled).lastIndexOf(LF) + 1
    if (end > 0) yield buffer.subarray(0, end)
    if (read === 0) break
    buffer.copyWithin(0, end, filled)
    held = filled - end
  }
  closeSync(handle)
}

type Pipeline = (file: string) => { lines: number; tokens: number }

const checkWith =
  (counter: () => (text: string) => number): Pipeline =>
  (file) => {
    const count = counter()
    const survey = new ReportBuilder()
    for (const block of blocksOf(file))
      for (const line of textLines(block)) survey.add(readFacts(line, count), 'train', () => line.text)
    const { lines, train } = survey.finish()
    return { lines, tokens: train.tokens }
  }

function wasmCounter(): (text: string) => number {
  const require = createRequire(import.meta.url)
  const { Tiktoken } = require('tiktoken/lite') as typeof import('tiktoken/lite')
  const { bpe_ranks, special_tokens, pat_str } = require('tiktoken/encoders/o200k_base.json')
  const encoder = new Tiktoken(bpe_ranks, special_tokens, pat_str)
  return (text) => encoder.encode_ordinary(text).length
}

const pipelines: Record<string, Pipeline> = {
  'JSON.parse of every line': (file) => {
    let lines = 0
    for (const block of blocksOf(file))
      for (const { text } of textLines(block)) {
        lines++
        try {
          JSON.parse(text ?? '')
        } catch {}
      }
    return { lines, tokens: 0 }
  },
  'check and compare': checkWith(() => () => 0),
  'check, compare, count': checkWith(() => counterOf('o200k_base').count),
  'the same with tiktoken wasm': checkWith(wasmCounter),
}

function measure(name: string, file: string): void {
  const before = process.cpuUsage()
  const { lines, tokens } = (pipelines[name] as Pipeline)(file)
  const { user, system } = process.cpuUsage(before)
  const peak = process.resourceUsage().maxRSS / 1024
  process.send?.({ seconds: (user + system) / 1e6, lines, tokens, peak })
}

async function inOwnProcess(name: string, file: string): Promise<Measured> {
  const child = fork(fileURLToPath(import.meta.url), ['--run', name, file], { execArgv: [...workerFlags] })
  const [measured] = (await once(child, 'message')) as [Measured]
  await once(child, 'exit')
  return measured
}

function writeCorpus(file: string, megabytes: number): number {
  const handle = openSync(file, 'w')
  let bytes = 0
  let held = ''
  for (const line of chatCorpus({ megabytes, seed: 7 })) {
    held += `${line}\n`
    if (held.length < BLOCK) continue
    bytes += writeSync(handle, held)
    held = ''
  }
  bytes += writeSync(handle, held)
  closeSync(handle)
  return bytes
}

async function main(megabytes: number, rounds: number): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'limerick-check-'))
  const file = path.join(folder, 'corpus.jsonl')
  const bytes = writeCorpus(file, megabytes)
  try {
    const names = Object.keys(pipelines)
    const all = new Map<string, Measured[]>(names.map((name) => [name, []]))
    for (let round = 0; round < rounds; round++)
      for (const name of names) all.get(name)?.push(await inOwnProcess(name, file))
    console.log(`${(bytes / 1e6).toFixed(0)} MB, median of ${rounds}`)
    for (const [name, measured] of all) {
      const speed =
        bytes /
        1e6 /
        quantile(
          measured.map(({ seconds }) => seconds),
          0.5,
        )
      const peak = Math.max(...measured.map((one) => one.peak))
      const { lines = 0, tokens = 0 } = measured[0] ?? {}
      const figures = `${speed.toFixed(1).padStart(7)} MB per CPU-second, peak ${peak.toFixed(0)} MB`
      console.log(`${name.padEnd(28)} ${figures}, ${lines} lines, ${tokens} tokens`)
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const [first, name = '', file = ''] = process.argv.slice(2)
if (first === '--run') measure(name, file)
else await main(Number(first ?? 100), Number(name || 3))
