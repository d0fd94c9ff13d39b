/**
 * The curve of a long run, from the database to the wire: what reading and sampling cost, and what a page is sent.
 * node --conditions=react-server tests/bench/series.ts [steps]
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { createRandom } from '#lib/core/random.ts'
import { inMs, quantile } from './figures.ts'

const STEPS = Number(process.argv[2] ?? 100_000)
const ROUNDS = 9

const folder = mkdtempSync(path.join(tmpdir(), 'limerick-series-'))
process.env.LIMERICK_DATA = folder

const { openDatabase } = await import('#lib/db/open.ts')
const { inTransaction, setStudioDatabase: serveStudio, studio } = await import('#lib/db/studio.ts')
const { getJob } = await import('#lib/jobs/get.ts')
const { keepPoints } = await import('#lib/jobs/points-store.ts')
const { getSeries } = await import('#lib/jobs/get-series.ts')
const { insertJob, updateJob } = await import('#lib/jobs/store.ts')

const random = createRandom(4)
const JOB = 'run_benchbenchbenchbenchbenc'

/** A loss that falls to a floor with noise upon it, and a validation loss every hundred steps. */
const point = (step: number) => ({
  job_id: JOB,
  step,
  at: 1.79e12 + step * 137,
  event_id: `ftevent-${step}`,
  train_loss: 5 * Math.exp((-4 * step) / STEPS) * (0.7 + 0.6 * random()),
  valid_loss: step % 100 === 0 ? 5.2 * Math.exp((-3 * step) / STEPS) * (0.9 + 0.2 * random()) : null,
  full_valid_loss: null,
  accuracy: 1 - Math.exp((-3 * step) / STEPS) * (0.6 + 0.4 * random()),
  valid_accuracy: null,
  full_valid_accuracy: null,
})

async function median(prepare: () => Promise<void>, work: () => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    await prepare()
    const began = performance.now()
    await work()
    times.push(performance.now() - began)
  }
  return quantile(times, 0.5)
}

const inKB = (bytes: number): string => `${(bytes / 1024).toFixed(1)} KB`

/** A change of the run, so that nothing of it is remembered. */
const change = () => updateJob(JOB, { status: 'running' })

async function report(name: string, query: Parameters<typeof getSeries>[1]): Promise<void> {
  const first = await median(change, () => getSeries(JOB, query))
  const again = await median(
    async () => {},
    () => getSeries(JOB, query),
  )
  const series = await getSeries(JOB, query)
  const body = Buffer.from(JSON.stringify(series))
  const points = series.trainLoss.step.length
  console.log(
    `${name}: ${inMs(first)} read anew, ${inMs(again)} again, ${points} training losses, ${inKB(body.length)}, gzip ${inKB(gzipSync(body).length)}`,
  )
}

serveStudio(await openDatabase(path.join(folder, 'studio.db'), path.resolve('lib/db/migrations')))
const now = Date.now()
await insertJob({
  ...{ id: JOB, provider_id: 'embedded', launch: 'found', request_hash: '', request_json: '{}' },
  ...{ status: 'running', model: 'limerick-base', total_steps: STEPS, created_at: now, updated_at: now },
})
const began = performance.now()
await inTransaction((db) =>
  keepPoints(
    Array.from({ length: STEPS }, (_, index) => point(index + 1)),
    db,
  ),
)
console.log(`${STEPS.toLocaleString('en')} steps kept: ${inMs(performance.now() - began)}`)
await report('the whole run at 800 px', { width: 800 })
await report('the whole run at 1,600 px', { width: 1_600 })
await report('a tenth of it at 800 px', { width: 800, from: STEPS * 0.5, to: STEPS * 0.6 })
await report('the last 500 steps at 800 px', { width: 800, from: STEPS - 499, to: STEPS })
console.log(`a run's page without its curve: ${inMs(await median(change, () => getJob(JOB)))}`)
await studio().destroy()
rmSync(folder, { recursive: true, force: true })
