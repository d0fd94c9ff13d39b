/** What hundreds of queued jobs cost while one trains: CPU and memory of studio and engine, and how quickly /api/jobs answers. */
import { readFileSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { elleTraining, jsonlFile } from '../support/elle.ts'
import { until } from '../support/engine.ts'
import { commandOf, discard, startStudio } from '../support/studio.ts'
import { spread } from './figures.ts'

const QUEUED = Number(process.argv[2] ?? 450)
const SECONDS = 20

const studio = await startStudio()
const sdk = studio.sdk()

/** CPU time that a process has taken, in seconds; Linux counts it in hundredths. */
function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
  return (Number(fields[11]) + Number(fields[12])) / 100
}

const memoryOf = (pid: number): string =>
  `${Math.round(Number(/^VmRSS:\s*(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024)} MB`

const engine = studio.pids().find((pid) => commandOf(pid).includes('engine/main.ts')) ?? 0

async function timed(): Promise<number> {
  const began = performance.now()
  const answer = await fetch(`${studio.url}/api/jobs`)
  await answer.arrayBuffer()
  return performance.now() - began
}

async function measure(title: string): Promise<void> {
  const processes = { studio: studio.pid, engine }
  const before = Object.values(processes).map(cpuOf)
  const times: number[] = []
  const began = performance.now()
  while (performance.now() - began < SECONDS * 1000) {
    times.push(await timed())
    await pause(50)
  }
  const seconds = (performance.now() - began) / 1000
  for (const [index, [name, pid]] of Object.entries(processes).entries()) {
    const share = Math.round(((cpuOf(pid) - (before[index] ?? 0)) / seconds) * 100)
    console.log(`${title}: ${name} ${share} % of a core, ${memoryOf(pid)}`)
  }
  console.log(`${title}: /api/jobs ${spread(times)}`)
}

const file = await sdk.files.create({ file: await jsonlFile(elleTraining()), purpose: 'fine-tune' })
const create = () =>
  sdk.fineTuning.jobs.create({
    model: 'limerick-base',
    training_file: file.id,
    method: { type: 'supervised', supervised: { hyperparameters: { n_epochs: 50 } } },
  })

await measure('idle')
const began = performance.now()
for (let made = 0; made <= QUEUED; made++) await create()
console.log(`${QUEUED + 1} jobs were made in ${Math.round((performance.now() - began) / 1000)} s`)
await until('every job to be known to the studio', async () => {
  const { total } = (await (await fetch(`${studio.url}/api/jobs/list`)).json()) as { total: number }
  return total > QUEUED
})
await pause(3_000)
await measure(`${QUEUED} queued`)
await discard(studio)
