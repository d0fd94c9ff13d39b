/**
 * A list of many runs, from the database to the answer of its route: every order, its first, middle and last page, and
 * every filter.
 * node --conditions=react-server tests/bench/job-list.ts [runs]
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { inMs, quantile } from './figures.ts'

const RUNS = Number(process.argv[2] ?? 10_000)
const ROUNDS = 9
const PAGES = Math.ceil(RUNS / 50)

const folder = mkdtempSync(path.join(tmpdir(), 'limerick-list-'))
process.env.LIMERICK_DATA = folder

const { openDatabase } = await import('#lib/db/open.ts')
const { setStudioDatabase: serveStudio, studio } = await import('#lib/db/studio.ts')
const { loadSample } = await import('#lib/datasets/samples.ts')
const { createDataset } = await import('#lib/datasets/update-dataset.ts')
const { newJobId } = await import('#lib/core/ids.ts')
const { JOB_SORTS } = await import('#lib/jobs/constants.ts')
const { GET } = await import('../../app/api/jobs/list/route.ts')

const statuses = ['succeeded', 'succeeded', 'succeeded', 'failed', 'cancelled', 'running', 'queued']
const models = ['limerick-base', 'gpt-4.1-mini-2025-04-14', 'gpt-4o-mini-2024-07-18', 'ft:limerick-base::x']
const providers = ['embedded', 'openai', 'compatible']
const began = Date.now() - RUNS * 60_000

/** Scattered, and the same in every run of the bench. */
const scattered = (index: number, most: number): number => ((index * 2_654_435_761) >>> 7) % most
const pick = <Value>(values: readonly Value[], index: number): Value =>
  values[scattered(index, values.length)] as Value

/** As wide as a real one: a provider's object, a draft, a curve of 64 points and a system prompt. */
function run(index: number, datasets: readonly string[]) {
  const status = pick(statuses, index)
  const id = newJobId()
  const createdAt = began + index * 60_000
  const loss = scattered(index, 400) / 100
  const over = !['running', 'queued'].includes(status)
  return {
    ...{ id, number: index + 1, change: index + 1, launch: 'known', request_hash: 'f'.repeat(64) },
    ...{ provider_id: pick(providers, index), remote_id: `ftjob-${index.toString(36)}`, status },
    ...{ model: pick(models, index + 1), suffix: index % 3 === 0 ? `suffix-${index}` : null },
    dataset_id: pick(datasets, index),
    request_json: JSON.stringify({ id, padding: 'r'.repeat(600) }),
    job_json: JSON.stringify({ id, padding: 'j'.repeat(2_000) }),
    system_prompt: 'You answer in limericks. '.repeat(20),
    last_loss: status === 'queued' ? null : loss,
    best_valid: index % 4 === 0 ? null : loss + 0.5,
    best_valid_step: index % 4 === 0 ? null : 40,
    curve_json: JSON.stringify(Array.from({ length: 64 }, (_, step) => 5 / (step + 1) + loss)),
    ...{ step: 100, total_steps: 100, trained_tokens: 9_120 },
    ...{ created_at: createdAt, updated_at: createdAt, running_at: createdAt + 3_000 },
    finished_at: over ? createdAt + 3_000 + scattered(index, 3_600_000) : null,
  }
}

async function fill(): Promise<void> {
  const elle = await loadSample()
  const others = await Promise.all(['labels', 'support', 'votes'].map((name) => createDataset({ name })))
  const datasets = [elle, ...others].map(({ id }) => id)
  await studio()
    .transaction()
    .execute(async (db) => {
      for (let index = 0; index < RUNS; index++) {
        const row = run(index, datasets)
        await db.insertInto('jobs').values(row).execute()
        if (row.provider_id === 'embedded') continue
        const spent = row.finished_at === null ? null : scattered(index, 5_000_000)
        const paid = { id: row.id, provider_id: row.provider_id, kind: 'job', reserved: 5_000_000, spent }
        await db
          .insertInto('spend')
          .values({ ...paid, created_at: row.created_at })
          .execute()
      }
    })
}

const answerOf = async (query: string): Promise<string> => {
  const answer = await GET(new Request(`http://localhost/api/jobs/list?${query}`), {
    params: Promise.resolve({}),
  })
  if (!answer.ok) throw new Error(await answer.text())
  return answer.text()
}

const all: number[] = []

async function measure(query: string): Promise<string> {
  const times: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now()
    await answerOf(query)
    times.push(performance.now() - start)
  }
  all.push(...times)
  return inMs(quantile(times, 0.5))
}

serveStudio(await openDatabase(path.join(folder, 'studio.db'), path.resolve('lib/db/migrations')))
await fill()
const first = await answerOf('')
console.log(`${RUNS.toLocaleString('en')} runs; a page of 50 is ${(first.length / 1024).toFixed(0)} KB`)
for (const sort of JOB_SORTS)
  for (const order of ['asc', 'desc']) {
    const at = async (page: number) => measure(`sort=${sort}&order=${order}&page=${page}`)
    console.log(
      `${sort} ${order}: first page ${await at(1)}, middle ${await at(Math.ceil(PAGES / 2))}, last ${await at(PAGES)}`,
    )
  }
for (const query of [
  'state=failed',
  'model=limerick-base&provider=openai',
  'q=suffix-99',
  'q=nothing-like-it',
])
  console.log(
    `${query}: ${await measure(query)}, by loss ${await measure(`${query}&sort=loss`)}, page 9 ${await measure(`${query}&page=9`)}`,
  )
console.log(`slowest of ${all.length} pages: ${inMs(Math.max(...all))}, p50 ${inMs(quantile(all, 0.5))}`)
await studio().destroy()
rmSync(folder, { recursive: true, force: true })
