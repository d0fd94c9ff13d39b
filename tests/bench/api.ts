/** How quickly the studio's own JSON and /v1 answer while a job trains on the same cores. */
import { elleTraining, jsonlFile } from '../support/elle.ts'
import { discard, startStudio } from '../support/studio.ts'
import { spread } from './figures.ts'

const studio = await startStudio()
const sdk = studio.sdk()
const PATHS = ['/api/jobs', '/api/datasets', '/api/providers']

async function timed(path: string): Promise<number> {
  const began = performance.now()
  const answer = await fetch(`${studio.url}${path}`)
  await answer.arrayBuffer()
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`)
  return performance.now() - began
}

async function round(isOver: () => Promise<boolean>): Promise<Record<string, number[]>> {
  const times: Record<string, number[]> = Object.fromEntries(PATHS.map((path) => [path, []]))
  for (let asked = 0; asked % 10 !== 0 || !(await isOver()); asked++) {
    for (const path of PATHS) times[path]?.push(await timed(path))
  }
  return times
}

const print = (title: string, times: Record<string, number[]>): void => {
  for (const [path, values] of Object.entries(times)) console.log(`${title} ${path}: ${spread(values)}`)
}

await round(async () => true)
let left = 20
print('idle', await round(async () => --left < 0))

const file = await sdk.files.create({ file: await jsonlFile(elleTraining()), purpose: 'fine-tune' })
const job = await sdk.fineTuning.jobs.create({
  model: 'limerick-base',
  training_file: file.id,
  method: { type: 'supervised', supervised: { hyperparameters: { n_epochs: 25 } } },
})
const isOver = async () =>
  ['succeeded', 'failed'].includes((await sdk.fineTuning.jobs.retrieve(job.id)).status)
print('training', await round(isOver))
await discard(studio)
