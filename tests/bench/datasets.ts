/**
 * Datasets at size: the import of 100 MB while the web is asked, the memory of the process that does it, and pages of
 * rows out of a million.
 * node tests/bench/datasets.ts
 */
import { readFileSync } from 'node:fs'
import { chatCorpus } from '../support/corpus.ts'
import { commandOf, discard, type Studio, startStudio } from '../support/studio.ts'
import { inMs, spread } from './figures.ts'

interface Done {
  type: string
  dataset: { id: string; train: { examples: number; tokens: number } }
  added: number
}

async function importText(studio: Studio, name: string, bytes: Uint8Array): Promise<Done> {
  const answer = await fetch(`${studio.url}/api/datasets/import?name=${name}`, {
    method: 'POST',
    headers: { origin: studio.url, 'content-type': 'application/octet-stream' },
    body: bytes as Uint8Array<ArrayBuffer>,
  })
  const last = (await answer.text()).trim().split('\n').at(-1) ?? ''
  const news = JSON.parse(last) as Done
  if (news.type !== 'done') throw new Error(last)
  return news
}

async function timed(url: string): Promise<number> {
  const began = performance.now()
  const answer = await fetch(url)
  await answer.arrayBuffer()
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`)
  return performance.now() - began
}

/** What Linux tells of the worker of the datasets. */
function workerFile(studio: Studio, name: 'status' | 'stat'): string {
  const pid = studio.pids().find((member) => commandOf(member).includes('datasets/worker'))
  return pid ? readFileSync(`/proc/${pid}/${name}`, 'utf8') : ''
}

/** Highest resident memory so far of the worker, in MB. */
const workerPeak = (studio: Studio): number =>
  Number(/^VmHWM:\s*(\d+)/m.exec(workerFile(studio, 'status'))?.[1] ?? 0) / 1024

/** CPU-seconds of the worker so far, of its own and of the system for it: these are told in hundredths. */
function workerSeconds(studio: Studio): number {
  const fields = workerFile(studio, 'stat').split(') ').at(-1)?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / 100
}

async function whileBusy<Result>(studio: Studio, work: Promise<Result>): Promise<[Result, number[]]> {
  let busy = true
  const result = work.finally(() => {
    busy = false
  })
  const times: number[] = []
  while (busy) {
    times.push(await timed(`${studio.url}/api/jobs`))
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  return [await result, times]
}

const studio = await startStudio()

const corpus = Buffer.from(
  Array.from(chatCorpus({ megabytes: 100, seed: 7, mixed: true }), (line) => `${line}\n`).join(''),
)
let began = performance.now()
const [done, times] = await whileBusy(studio, importText(studio, 'corpus', corpus))
const seconds = (performance.now() - began) / 1000
console.log(
  `${(corpus.length / 1e6).toFixed(0)} MB, ${done.added} rows: sent, kept, checked and counted in ${seconds.toFixed(1)} s (${(corpus.length / 1e6 / seconds).toFixed(1)} MB/s)`,
)
const busy = workerSeconds(studio)
console.log(
  `worker: ${busy.toFixed(1)} CPU-seconds (${(corpus.length / 1e6 / busy).toFixed(1)} MB per CPU-second)`,
)
console.log(`/api/jobs meanwhile: ${spread(times)}`)
console.log(`worker's peak memory: ${workerPeak(studio).toFixed(0)} MB`)
began = performance.now()
await timed(`${studio.url}/api/datasets/${done.dataset.id}/rows?q=zirconium`)
console.log(`first search through all rows: ${inMs(performance.now() - began)}`)

const row = (n: number) =>
  `{"messages":[{"role":"user","content":"question ${n}"},{"role":"assistant","content":"answer ${(n * 7919) % 1_000_003}"}]}\n`
const million = Buffer.from(Array.from({ length: 1_000_000 }, (_, n) => row(n)).join(''))
began = performance.now()
const [big, during] = await whileBusy(studio, importText(studio, 'million', million))
console.log(
  `1,000,000 short rows (${(million.length / 1e6).toFixed(0)} MB) imported in ${((performance.now() - began) / 1000).toFixed(1)} s; /api/jobs meanwhile: ${spread(during)}; worker's peak memory: ${workerPeak(studio).toFixed(0)} MB`,
)
for (const offset of [0, 250_000, 500_000, 750_000, 999_900]) {
  const pages: number[] = []
  for (let n = 0; n < 15; n++)
    pages.push(await timed(`${studio.url}/api/datasets/${big.dataset.id}/rows?offset=${offset}`))
  console.log(`page of 100 rows at ${offset}: ${spread(pages)}`)
}
await discard(studio)
