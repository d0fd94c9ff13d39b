import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest'
import { newJobId } from '#lib/core/ids.ts'
import { addRow } from '#lib/datasets/edit-row.ts'
import { createDataset } from '#lib/datasets/update-dataset.ts'
import { versionOf } from '#lib/datasets/versions.ts'
import { studio } from '#lib/db/studio.ts'
import { estimateEval } from '#lib/evals/estimate.ts'
import { getEval } from '#lib/evals/get.ts'
import { startEvals } from '#lib/evals/runner.ts'
import { EvalDraft, type EvalDraftInput, EvalEstimate, EvalPage } from '#lib/evals/schema.ts'
import { startEval } from '#lib/evals/start.ts'
import { answerOf } from '#lib/http/answer.ts'
import { insertJob } from '#lib/jobs/store.ts'
import { setEngineAddress } from '#lib/providers/registry.ts'
import { type ChatProvider, startChatProvider } from './chat-provider.ts'
import { until } from './engine.ts'
import { setUpStudio } from './set-up.ts'

/*
 * A studio with two providers and the loop of evaluations, for the test files that import it: its hooks run around
 * each of their tests.
 */

export const away = await startChatProvider()
export const here = await startChatProvider({ key: 'the-engine-of-this-test' })
await setUpStudio(away)
export let datasetId: string
let ending = new AbortController()
let loop: Promise<void> = Promise.resolve()

export const example = (n: number) =>
  JSON.stringify({
    messages: [
      { role: 'system', content: 'Be Elle.' },
      { role: 'user', content: `What is element ${n}?` },
      { role: 'assistant', content: n % 2 === 0 ? 'Neon is a gas' : 'a metal' },
    ],
  })

/** Held-out rows that can be asked. */
const HELD_OUT = 8

/** As many rows again as can be asked at once. */
export async function holdOutMore(): Promise<void> {
  for (let n = 0; n < HELD_OUT; n++)
    await addRow(datasetId, { line: example(HELD_OUT + n), split: 'heldout' })
}

/** Six rows to train on, eight held out, and one of those that ends with a question. */
async function newDataset(): Promise<string> {
  const { id } = await createDataset({ name: 'elements' })
  for (let n = 0; n < 6; n++) await addRow(id, { line: example(100 + n) })
  for (let n = 0; n < HELD_OUT; n++) await addRow(id, { line: example(n), split: 'heldout' })
  const open = JSON.stringify({ messages: [{ role: 'user', content: 'And then?' }] })
  await addRow(id, { line: open, split: 'heldout' })
  return id
}

const tables = [
  'evals',
  'eval_answers',
  'eval_fixes',
  'eval_sweeps',
  'jobs',
  'spend',
  'spend_limits',
  'chat_prices',
] as const

beforeAll(() => setEngineAddress(here))
beforeEach(async () => {
  const db = studio()
  for (const table of tables) await db.deleteFrom(table).execute()
  await db.deleteFrom('provider_holds').execute()
  for (const provider of [here, away]) provider.asked.splice(0)
  datasetId = await newDataset()
})
afterEach(() => kill())
afterAll(async () => {
  await Promise.all([here.close(), away.close()])
  setEngineAddress(null)
})

export async function begin(): Promise<void> {
  ending = new AbortController()
  loop = startEvals(ending.signal, { tick: 10, sweep: 20 })
}

/** Ends the loop in the middle of whatever it does; what was asked stays as asked. */
export async function kill(): Promise<void> {
  ending.abort()
  await loop
}

let lastId = 0
const newId = () => `eval_${String(++lastId).padStart(24, '0')}`

export const draft = (models: string[], more: Partial<EvalDraftInput> = {}): EvalDraftInput => ({
  id: newId(),
  datasetId,
  rows: 4,
  columns: models.map((model) => ({ providerId: 'embedded', model })),
  graders: [{ kind: 'exact' }],
  ...more,
})

const parsed = async (input: EvalDraftInput) => EvalDraft.parse(input)
export const start = async (input: EvalDraftInput) => answerOf(EvalPage, await startEval(await parsed(input)))
export const estimate = async (input: EvalDraftInput) =>
  answerOf(EvalEstimate, await estimateEval(await parsed(input)))
export const look = async (id: string, query = {}) => answerOf(EvalPage, await getEval(id, query))

export const reaches = (id: string, state: EvalPage['state']) =>
  until(`${id} to be ${state}`, async () => {
    const page = await look(id)
    return page.state === state && page
  })

/** Requests of a test that was ended may still come in: only this model's are counted. */
export const askedOf = (provider: ChatProvider, wanted: string): number =>
  provider.asked.filter(({ model }) => model === wanted).length

export const far = (...models: string[]) => ({
  columns: models.map((model) => ({ providerId: 'compatible' as const, model })),
})

/** A run of ours that has ended well, as the follower leaves it. */
export async function endedRun(more: object = {}): Promise<string> {
  const version = await versionOf(datasetId)
  const id = newJobId()
  const now = Date.now()
  await insertJob({
    ...{ id, provider_id: 'embedded', remote_id: `ftjob-${id}`, launch: 'known', request_hash: id },
    ...{ request_json: JSON.stringify({ training: { datasetId, split: 'train' } }) },
    ...{ dataset_id: datasetId, dataset_version_id: version.id, validation_dataset_id: null },
    ...{ system_prompt: null, question: null, status: 'succeeded', model: 'steady', suffix: 'elle' },
    ...{ fine_tuned_model: `ft:${id}`, job_json: null, result_json: null, error_json: null },
    ...{ last_loss: null, curve_json: null, step: 30, total_steps: 30, trained_tokens: 1_000 },
    ...{ created_at: now, updated_at: now, finished_at: now },
    ...{ best_valid: null, best_valid_step: null, running_at: now, trouble_json: null },
    ...more,
  })
  const db = studio()
  const checkpoint = (step: number) => ({
    job_id: id,
    id: `ck${step}${id}`,
    step,
    metrics_json: '{}',
    created_at: now,
  })
  await db
    .insertInto('job_checkpoints')
    .values([10, 20, 30].map((step) => ({ ...checkpoint(step), model: `ft:${id}:step-${step}` })))
    .execute()
  return id
}

/** What one grader says, or several: passed, failed, or that it could not grade the answer. */
type Said = 'pass' | 'fail' | 'none'
const GRADES = {
  pass: { score: 1, passed: true },
  fail: { score: 0, passed: false },
  none: { score: null, passed: null },
}

/** Writes grades of a column, one row after the other, as if the graders had given them. */
export async function grade(id: string, column: number, said: readonly (Said | Said[])[]): Promise<void> {
  const db = studio()
  for (const [place, one] of said.entries()) {
    // A text of an answer must not be taken for a verdict.
    const grades = [one].flat().map((each) => ({ ...GRADES[each], detail: { words: '"passed":false' } }))
    const cell = db.updateTable('eval_cells').set({ grades_json: JSON.stringify(grades) })
    await cell
      .where('eval_id', '=', id)
      .where('place', '=', place)
      .where('column_index', '=', column)
      .execute()
  }
}
