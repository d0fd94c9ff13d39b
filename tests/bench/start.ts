/** How long a start takes with a build in place: after a clean stop, and after kill -9 of everything in the middle of a training step. */
import { setTimeout as wait } from 'node:timers/promises'
import { elleTraining, jsonlFile } from '../support/elle.ts'
import { discard, type Studio, startStudio } from '../support/studio.ts'
import { inMs } from './figures.ts'

let studio: Studio = await startStudio()

async function restart(): Promise<number> {
  const began = performance.now()
  studio = await startStudio({ dataFolder: studio.dataFolder, port: studio.port })
  return performance.now() - began
}

for (let round = 1; round <= 3; round++) {
  await studio.stop()
  console.log(`restart after a clean stop, round ${round}: ${inMs(await restart())}`)
}

for (let round = 1; round <= 3; round++) {
  const sdk = studio.sdk()
  const file = await sdk.files.create({ file: await jsonlFile(elleTraining()), purpose: 'fine-tune' })
  const job = await sdk.fineTuning.jobs.create({ model: 'limerick-base', training_file: file.id })
  while ((await sdk.fineTuning.jobs.listEvents(job.id, { limit: 1 })).data[0]?.type !== 'metrics')
    await wait(50)
  await studio.killAll()
  console.log(`restart after kill -9 in mid-training, round ${round}: ${inMs(await restart())}`)
  await studio.sdk().fineTuning.jobs.cancel(job.id)
}
await discard(studio)
