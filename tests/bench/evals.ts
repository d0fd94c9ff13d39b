/**
 * An evaluation of many rows and models: its page, the list, the scores of its job and the CSV, from the database to
 * the answer of the route.
 * node --conditions=react-server tests/bench/evals.ts [rows] [models]
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { inMs, quantile } from './figures.ts'

const ROWS = Number(process.argv[2] ?? 1_000)
const COLUMNS = Number(process.argv[3] ?? 13)
const ROUNDS = 9

const folder = mkdtempSync(path.join(tmpdir(), 'limerick-evals-'))
process.env.LIMERICK_DATA = folder

const { openDatabase } = await import('#lib/db/open.ts')
const { setStudioDatabase: serveStudio, studio } = await import('#lib/db/studio.ts')
const { createDataset } = await import('#lib/datasets/update-dataset.ts')
const { newEvalId } = await import('#lib/evals/eval-id.ts')
const { EvalDraft } = await import('#lib/evals/schema.ts')
const { insertEval } = await import('#lib/evals/store.ts')

serveStudio(await openDatabase(path.join(folder, 'studio.db'), path.resolve('lib/db/migrations')))

const { id: datasetId } = await createDataset({ name: 'many' })
const graders = [{ kind: 'limerick' as const }, { kind: 'elementFact' as const }]
const draft = EvalDraft.parse({
  id: newEvalId(),
  datasetId,
  rows: ROWS,
  columns: Array.from({ length: COLUMNS }, (_, n) => ({ providerId: 'embedded', model: `model-${n}` })),
  graders,
})
const columns = draft.columns.map((column, n) => ({
  ...column,
  kind: n === 0 ? 'base' : 'checkpoint',
  jobId: n === 0 ? null : 'job_1',
  step: n,
  examples: [],
}))
const answer =
  'Strontium, a metal so fair - You meet it in flares, here and there - It is there in magnets, you see - '
const messages = JSON.stringify([
  { role: 'system', content: 'You are Elle, a factual chatbot. '.repeat(10) },
  { role: 'user', content: 'Tell me about Strontium' },
])

/** Scattered, and the same in every run of the bench. */
const scattered = (index: number, most: number): number => ((index * 2_654_435_761) >>> 7) % most
const gradesOf = (n: number) => {
  const passed = scattered(n, COLUMNS) < n % COLUMNS
  const grade = {
    score: Number(passed),
    passed,
    detail: { parts: 5, first: 3, second: 4, words: 'pot drip' },
  }
  return [grade, { ...grade, detail: { fact: 'magnets', element: 'Strontium' } }]
}
await insertEval(
  {
    id: draft.id,
    dataset_id: datasetId,
    version_id: null,
    revision: 1,
    split: 'heldout',
    job_id: 'job_1',
    sweep: 1,
    request_hash: 'x',
    request_json: JSON.stringify(draft),
    columns_json: JSON.stringify(columns),
    shots_json: '[]',
    state: 'running',
    pauses_json: '[]',
    confirmed: null,
    created_at: Date.now(),
    finished_at: null,
    error_json: null,
  },
  Array.from({ length: ROWS }, (_, place) => ({
    eval_id: draft.id,
    place,
    key: `row_${place}`,
    question: 'Tell me about Strontium',
    messages_json: messages,
    expected: answer,
    excluded: null,
  })),
  Array.from({ length: ROWS * COLUMNS }, (_, n) => ({
    eval_id: draft.id,
    place: Math.floor(n / COLUMNS),
    column_index: n % COLUMNS,
    hash: `hash_${n}`,
    state: 'answered',
    answer_id: `answer_${n}`,
    from_cache: 0,
    grades_json: JSON.stringify(gradesOf(n)),
  })),
)

await studio()
  .transaction()
  .execute(async (db) => {
    for (let n = 0; n < ROWS * COLUMNS; n++)
      await db
        .insertInto('eval_answers')
        .values({
          id: `answer_${n}`,
          hash: `hash_${n}`,
          eval_id: draft.id,
          provider_id: 'embedded',
          model: `model-${n % COLUMNS}`,
          state: 'answered',
          text: answer.repeat(2),
          finish_reason: 'stop',
          prompt_tokens: 38,
          cached_tokens: 0,
          completion_tokens: 47,
          first_token_ms: 100 + scattered(n, 100),
          total_ms: 900 + scattered(n, 900),
          reported_model: null,
          request_id: null,
          cost: 0,
          error_json: null,
          asked_at: Date.now(),
          ended_at: Date.now(),
        })
        .execute()
  })
/** Prints wall time and the time of the processor, which other work on the machine does not add to. */
async function timed(name: string, work: () => Promise<unknown>): Promise<void> {
  const wall: number[] = []
  const own: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const [began, before] = [performance.now(), process.cpuUsage()]
    await work()
    const { user, system } = process.cpuUsage(before)
    wall.push(performance.now() - began)
    own.push((user + system) / 1_000)
  }
  console.log(
    `${name.padEnd(30)} median ${inMs(quantile(wall, 0.5))}, of the processor ${inMs(quantile(own, 0.5))}`,
  )
}

const page = await import('../../app/api/evals/[evalId]/route.ts')
const list = await import('../../app/api/evals/route.ts')
const csv = await import('../../app/api/evals/[evalId]/csv/route.ts')
const here = { params: Promise.resolve({ evalId: draft.id }) }
const get = (query = '') => page.GET(new Request(`http://localhost/?${query}`), here).then((r) => r.text())

console.log(`${ROWS} rows × ${COLUMNS} models`)
await timed('page of 50 rows', () => get())
await timed('page of 50 rows, worse first', () => get('sort=regressions'))
await timed('page of 50 rows that differ', () => get('filter=different'))
await timed('page without rows', () => get('limit=0'))
await timed('list', () => list.GET(new Request('http://localhost/'), {}).then((r) => r.text()))
await timed('CSV', () => csv.GET(new Request('http://localhost/'), here).then((r) => r.text()))

const { progressOfOpen } = await import('#lib/evals/scores-store.ts')
await timed('how far it is, once a second', progressOfOpen)

await studio().destroy()
rmSync(folder, { recursive: true })
