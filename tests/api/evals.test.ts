import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { newJobId } from '#lib/core/ids.ts'
import { addRow } from '#lib/datasets/edit-row.ts'
import { createDataset } from '#lib/datasets/update-dataset.ts'
import { makeVersion, versionOf } from '#lib/datasets/versions.ts'
import { getDatasetSummary } from '#lib/datasets/view.ts'
import { studio } from '#lib/db/studio.ts'
import { evaluateCheckpoints } from '#lib/evals/checkpoint-evals.ts'
import { beginSweep } from '#lib/evals/checkpoint-evals-store.ts'
import { compareCosts } from '#lib/evals/cost-comparison.ts'
import { evalCsv } from '#lib/evals/csv.ts'
import { estimateEval } from '#lib/evals/estimate.ts'
import { fixesOf, fixRow } from '#lib/evals/fix.ts'
import { getEval, listEvals } from '#lib/evals/get.ts'
import { liveEvals } from '#lib/evals/live.ts'
import { startEvals } from '#lib/evals/runner.ts'
import {
  EvalDraft,
  type EvalDraftInput,
  EvalEstimate,
  EvalPage,
  type EvalProgress,
  EvalSummary,
  Fix,
  Fixes,
  Scores,
} from '#lib/evals/schema.ts'
import { scoresOf as getScores } from '#lib/evals/scores.ts'
import { resumeEval, startEval, stopEval } from '#lib/evals/start.ts'
import { answerOf } from '#lib/http/answer.ts'
import { getJob } from '#lib/jobs/get.ts'
import { keepPoints } from '#lib/jobs/points-store.ts'
import { insertJob } from '#lib/jobs/store.ts'
import { pointAlias } from '#lib/models/aliases.ts'
import { setChatPrice } from '#lib/providers/chat-prices.ts'
import { setEngineAddress } from '#lib/providers/registry.ts'
import { listSpending, setLimits } from '#lib/providers/spend.ts'
import { GET as getCsv } from '../../app/api/evals/[evalId]/csv/route.ts'
import { GET as getWorth } from '../../app/api/evals/[evalId]/worth/route.ts'
import { GET as getCard } from '../../app/api/evals/card/route.ts'
import { GET as getStream } from '../../app/api/stream/route.ts'
import { type ChatProvider, startChatProvider } from '../support/chat-provider.ts'
import { until } from '../support/engine.ts'
import { setUpStudio } from '../support/set-up.ts'

const away = await startChatProvider()
const here = await startChatProvider({ key: 'the-engine-of-this-test' })
await setUpStudio(away)
let datasetId: string
let ending = new AbortController()
let loop: Promise<void> = Promise.resolve()

const example = (n: number) =>
  JSON.stringify({
    messages: [
      { role: 'system', content: 'Be Elle.' },
      { role: 'user', content: `What is element ${n}?` },
      { role: 'assistant', content: n % 2 === 0 ? 'Neon is a gas' : 'a metal' },
    ],
  })

/** Six rows to train on, eight held out, and one of those that ends with a question. */
async function newDataset(): Promise<string> {
  const { id } = await createDataset({ name: 'elements' })
  for (let n = 0; n < 6; n++) await addRow(id, { line: example(100 + n) })
  for (let n = 0; n < 8; n++) await addRow(id, { line: example(n), split: 'heldout' })
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

async function begin(): Promise<void> {
  ending = new AbortController()
  loop = startEvals(ending.signal, { tick: 10, sweep: 20 })
}

/** Ends the loop in the middle of whatever it does; what was asked stays as asked. */
async function kill(): Promise<void> {
  ending.abort()
  await loop
}

let lastId = 0
const newId = () => `eval_${String(++lastId).padStart(24, '0')}`

const draft = (models: string[], more: Partial<EvalDraftInput> = {}): EvalDraftInput => ({
  id: newId(),
  datasetId,
  rows: 4,
  columns: models.map((model) => ({ providerId: 'embedded', model })),
  graders: [{ kind: 'exact' }],
  ...more,
})

const parsed = async (input: EvalDraftInput) => EvalDraft.parse(input)
const start = async (input: EvalDraftInput) => answerOf(EvalPage, await startEval(await parsed(input)))
const estimate = async (input: EvalDraftInput) =>
  answerOf(EvalEstimate, await estimateEval(await parsed(input)))
const look = async (id: string, query = {}) => answerOf(EvalPage, await getEval(id, query))
const list = async (job: string) => answerOf(z.array(EvalSummary), await listEvals({ job }))
const scoresOf = async (jobId: string) => answerOf(Scores, await getScores(jobId))

const reaches = (id: string, state: EvalPage['state']) =>
  until(`${id} to be ${state}`, async () => {
    const page = await look(id)
    return page.state === state && page
  })

const questions = (provider: ChatProvider) =>
  provider.asked.map(({ messages }) => (messages as { content: string }[]).at(-1)?.content)

/** Requests of a test that was ended may still come in: only this model's are counted. */
const askedOf = (provider: ChatProvider, wanted: string): number =>
  provider.asked.filter(({ model }) => model === wanted).length

const far = (...models: string[]) => ({
  columns: models.map((model) => ({ providerId: 'compatible' as const, model })),
})

async function costs(input: number, output: number): Promise<void> {
  const known = { model: '', cachedInput: null, asOf: '2026-11-22', source: 'us' }
  await setChatPrice({ ...known, providerId: 'compatible', input, output })
}

const cap = async (monthlyCap: number | null) =>
  setLimits({ providerId: 'compatible', monthlyCap, confirmAbove: null })

describe('an evaluation', () => {
  test('asks held-out rows only, with what stands before the answer, and scores whole answers', async () => {
    const { id } = await start(draft(['steady']))
    await begin()
    const page = await reaches(id, 'done')
    expect(questions(here).toSorted()).toEqual([0, 1, 2, 3].map((n) => `What is element ${n}?`))
    expect(here.asked[0]).toMatchObject({ messages: [{ role: 'system' }, { role: 'user' }], seed: 0 })
    expect(page).toMatchObject({ split: 'heldout', rowCount: 4, cells: 4, done: 4, paid: 0 })
    const [column] = page.columns
    expect(column).toMatchObject({
      kind: 'base',
      answered: 4,
      promptTokens: 28,
      completionTokens: 16,
      cost: 0,
    })
    expect(column?.scores[0]).toMatchObject({ passed: 2, n: 4, share: 0.5 })
    expect(column?.scores[0]?.interval.low).toBeCloseTo(0.15, 2)
    expect(page.rows[1]).toMatchObject({
      number: 2,
      expected: 'a metal',
      cells: [{ state: 'answered', text: 'Neon is a gas', passed: false, requestId: 'chatcmpl-steady' }],
    })
  })

  test('names the rows that cannot be asked', async () => {
    const page = await start(draft(['steady'], { rows: 50 }))
    expect(page.rowCount).toBe(8)
    expect(page.excluded).toMatchObject([{ number: 9, reason: 'noAnswer', question: 'And then?' }])
  })

  test('the same id twice is one evaluation, and another draft under it is refused', async () => {
    const wanted = draft(['steady'])
    const first = await start(wanted)
    expect(await start(wanted)).toMatchObject({ id: first.id, createdAt: first.createdAt })
    await expect(start({ ...wanted, rows: 5 })).rejects.toMatchObject({ code: 'conflict' })
  })

  test('pays for nothing twice: what is known is taken over, and only the rest is asked', async () => {
    const first = await start(draft(['steady']))
    await begin()
    await reaches(first.id, 'done')
    here.asked.splice(0)
    const wider = draft(['steady'], { rows: 6, graders: [{ kind: 'contains', text: 'gas' }] })
    expect(await estimate(wider)).toMatchObject({ answers: 6, cached: 4, cost: 0 })
    const second = await start(wider)
    const page = await reaches(second.id, 'done')
    expect(questions(here).toSorted()).toEqual(['What is element 4?', 'What is element 5?'])
    expect(page.columns[0]).toMatchObject({ fromCache: 4, answered: 6, scores: [{ passed: 6 }] })
  })

  test('another temperature is another question', async () => {
    const sampling = { temperature: 0.5, topP: null, maxTokens: 256, seed: 0 }
    const first = await start(draft(['steady'], { rows: 1 }))
    const second = await start(draft(['steady'], { rows: 1, sampling }))
    await begin()
    await Promise.all([reaches(first.id, 'done'), reaches(second.id, 'done')])
    expect(here.asked).toHaveLength(2)
  })

  test('the same examples stand before every question, and none of them is asked for', async () => {
    const columns = [{ providerId: 'embedded' as const, model: 'steady', fewShot: 2 }]
    const { id } = await start(draft([], { columns, rows: 2 }))
    await begin()
    const page = await reaches(id, 'done')
    expect(page.columns[0]).toMatchObject({ kind: 'fewShot', fewShot: 2 })
    expect(page.columns[0]?.examples).toHaveLength(2)
    for (const { messages } of here.asked)
      expect((messages as { role: string }[]).map(({ role }) => role)).toEqual([
        'system',
        ...['user', 'assistant', 'user', 'assistant'],
        'user',
      ])
  })

  test('a cut answer is kept and never counts; a failing model is left alone and holds nobody', async () => {
    const { id } = await start(draft(['cut', 'refuses', 'hangs', 'steady'], { rows: 8 }))
    await begin()
    const page = await until('the steady column', async () => {
      const now = await look(id)
      return (
        now.columns[3]?.answered === 8 &&
        now.columns[1]?.waiting === 0 &&
        now.columns[0]?.waiting === 0 &&
        now
      )
    })
    const [cut, refuses, hangs] = page.columns
    expect(cut).toMatchObject({ answered: 0, scores: [{ n: 0, share: null }] })
    expect(cut?.interrupted).toBeGreaterThanOrEqual(5)
    expect(page.rows[0]?.cells[0]).toMatchObject({ state: 'interrupted', text: 'Neon', grades: null })
    expect((refuses?.failed ?? 0) + (refuses?.skipped ?? 0)).toBe(8)
    expect(refuses?.skipped).toBeGreaterThan(0)
    expect(hangs).toMatchObject({ answered: 0, waiting: 8 })
  })

  test('after a kill asks only for what is missing', async () => {
    const { id } = await start(draft(['steady', 'late'], { rows: 4 }))
    await begin()
    await until('the steady column', async () => (await look(id)).columns[0]?.answered === 4)
    await until('two late ones to be under way', async () => askedOf(here, 'late') === 2)
    await kill()
    expect(await look(id)).toMatchObject({ state: 'running', done: 4 })
    here.asked.splice(0)
    await begin()
    await until('the late ones', async () => askedOf(here, 'late') >= 2)
    here.open()
    await until('the next ones', async () => askedOf(here, 'late') >= 4)
    here.open()
    const page = await reaches(id, 'done')
    expect(here.asked.map(({ model }) => model)).toEqual(['late', 'late', 'late', 'late'])
    expect(page.columns[1]).toMatchObject({ answered: 4, lost: 0 })
  })

  test('what a paid provider was asked when the studio ended is lost, until a person asks again', async () => {
    const { id } = await start(draft([], { ...far('late'), rows: 2 }))
    await begin()
    await until('both to be under way', async () => askedOf(away, 'late') === 2)
    await kill()
    await begin()
    const page = await reaches(id, 'done')
    expect(page.columns[0]).toMatchObject({ lost: 2, answered: 0 })
    expect(away.asked).toHaveLength(2)
    await resumeEval(id, { again: true })
    await until('both to be asked again', async () => away.asked.length === 4)
    away.open()
    expect((await reaches(id, 'done')).columns[0]).toMatchObject({ lost: 0, answered: 2 })
  })

  test('stopped, it asks nothing more, and goes on where it was', async () => {
    const { id } = await start(draft(['steady']))
    expect(await stopEval(id)).toMatchObject({ state: 'stopped' })
    // Another evaluation, at another provider, is asked to its end meanwhile.
    const other = await start(draft([], far('steady')))
    await begin()
    await reaches(other.id, 'done')
    expect(here.asked).toHaveLength(0)
    await resumeEval(id, {})
    expect(await reaches(id, 'done')).toMatchObject({ done: 4 })
  })
})

describe('what it costs', () => {
  test('is estimated before, from rows that are not known yet', async () => {
    await costs(1_000_000, 2_000_000)
    const { columns, providers, cost } = await estimate(draft([], far('steady')))
    expect(columns[0]?.promptTokens).toBeGreaterThan(20)
    expect(cost).toBe((columns[0]?.promptTokens ?? 0) + 2 * (columns[0]?.completionTokens ?? 0))
    expect(providers).toMatchObject([
      { providerId: 'compatible', cost, needsConfirmation: false, overCap: false },
    ])
    await setLimits({ providerId: 'compatible', monthlyCap: 5, confirmAbove: 1 })
    expect((await estimate(draft([], far('steady')))).providers).toMatchObject([
      { needsConfirmation: true, overCap: true, left: 5 },
    ])
    await expect(start(draft([], far('steady')))).rejects.toMatchObject({ code: 'needs_confirmation' })
  })

  test('an unknown price is null and not zero', async () => {
    expect(await estimate(draft([], far('steady')))).toMatchObject({ cost: null, columns: [{ cost: null }] })
  })

  test('a cap pauses it with the reason, other columns go on, and it can be resumed', async () => {
    await costs(1_000_000, 1_000_000)
    // Each answer sets aside its 256 tokens and its question, and comes to 11.
    await cap(320)
    const columns = [...far('steady').columns, { providerId: 'embedded' as const, model: 'steady' }]
    const { id } = await start(draft([], { columns, rows: 8 }))
    await begin()
    const paused = await reaches(id, 'paused')
    expect(paused.pauses).toMatchObject([{ providerId: 'compatible', code: 'over_cap', until: null }])
    expect(paused.columns[1]).toMatchObject({ answered: 8 })
    const { answered = 0, failed } = paused.columns[0] ?? {}
    expect(failed).toBe(0)
    expect(away.asked).toHaveLength(answered)
    expect(paused.paid).toBe(answered * 11)
    await cap(null)
    await resumeEval(id, {})
    expect((await reaches(id, 'done')).columns[0]).toMatchObject({ answered: 8, cost: 88 })
    expect(away.asked).toHaveLength(8)
    expect((await listSpending())[0]).toMatchObject({ spent: 88, reserved: 0 })
  })
})

/** A run of ours that has ended well, as the follower leaves it. */
async function endedRun(more: object = {}): Promise<string> {
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

describe('after a run', () => {
  test('its checkpoints are compared by themselves on this computer, and the best is named', async () => {
    const jobId = await endedRun()
    await begin()
    const scores = await until('the sweep', async () => {
      const now = await scoresOf(jobId)
      return now.state === 'done' && now
    })
    expect(scores.steps.map(({ step, final }) => [step, final])).toEqual([
      [10, false],
      [20, false],
      [30, true],
    ])
    expect(scores).toMatchObject({
      graders: [{ kind: 'similarity' }],
      best: 10,
      lastIsBest: false,
      besideOthers: { a: 1, b: 3, n: 8, by: 0, mean: true, p: 1 },
      besideBase: { a: 1, b: 0, n: 8, mean: true },
    })
    expect(scores.base).toMatchObject({ n: 8 })
    expect(scores.steps[0]?.score).toMatchObject({ n: 8, passed: 4 })
    expect(await list(jobId)).toMatchObject([{ sweep: true, cells: 32 }])
  })

  test('no checkpoint is the best before all have answered', async () => {
    const jobId = await endedRun({ fine_tuned_model: 'late' })
    await begin()
    const scoresWhen = (what: string, isSo: (scores: Scores) => boolean) =>
      until(what, async () => {
        const now = await scoresOf(jobId)
        return isSo(now) && now
      })
    const early = await scoresWhen('the first checkpoint', ({ steps }) => (steps[0]?.score.n ?? 0) > 0)
    expect(early).toMatchObject({ state: 'running', best: null, lastIsBest: null })
    const done = scoresWhen('the sweep', ({ state }) => {
      here.open() // each time for the answers that wait by then
      return state === 'done'
    })
    expect(await done).toMatchObject({ best: 10 })
  })

  test('a sweep that an earlier process died in is not begun again, and others are', async () => {
    const [deadly, jobId] = [await endedRun(), await endedRun()]
    await beginSweep(deadly)
    await begin()
    await until('the sweep', async () => (await list(jobId)).length === 1)
    await kill()
    expect(await list(deadly)).toEqual([])
    const left = await studio().selectFrom('eval_sweeps').select('job_id').execute()
    expect(left).toEqual([{ job_id: deadly }])
  })

  test('that it is begun is written before, and gone after it or after an orderly stop', async () => {
    const written = async () => studio().selectFrom('eval_sweeps').select('job_id').execute()
    const [stop, begun] = [new AbortController(), Promise.withResolvers<void>()]
    const jobId = await endedRun()
    void evaluateCheckpoints(stop.signal, () => {
      begun.resolve()
      return new Promise(() => {})
    })
    await begun.promise
    expect(await written()).toEqual([{ job_id: jobId }])
    stop.abort()
    await until('it to be gone', async () => (await written()).length === 0)
  })

  test('its card is one file that escapes everything and loads nothing', async () => {
    const jobId = await endedRun({ suffix: '<img src=x onerror=alert(1)>' })
    const rest = { at: null, event_id: null, full_valid_loss: null, accuracy: null, valid_accuracy: null }
    const point = (step: number, train_loss: number) => ({
      ...{ job_id: jobId, step, train_loss, valid_loss: null, full_valid_accuracy: null, ...rest },
    })
    await keepPoints([point(1, 2.5), point(2, 0)], studio())
    await begin()
    await until('the sweep', async () => {
      const [sweep] = await list(jobId)
      return sweep?.state === 'done'
    })
    const { fineTunedModel } = await getJob(jobId)
    await pointAlias({
      name: 'elle',
      providerId: 'embedded',
      model: fineTunedModel ?? '',
      why: 'Rhymes <b>best',
    })
    const response = await getCard(new Request(`http://localhost/?job=${jobId}`), {})
    expect(response.headers.get('content-type')).toBe('application/octet-stream')
    expect(response.headers.get('content-disposition')).toMatch(/^attachment/)
    const card = await response.text()
    expect(card).toMatch(/^<!doctype html>/)
    expect(card).not.toMatch(/<script|<img|<link|src=["']|href=|url\(/i)
    expect(card).toContain('&lt;img src=x')
    expect(card).toContain(`points to ${fineTunedModel}, set by you: Rhymes &lt;b&gt;best`)
    for (const words of ['SHA-256', '4 of 8 passed', 'points="44,8 632,216"', 'Neon is a gas', 'Expected'])
      expect(card).toContain(words)
  })

  test('a paid one is only offered', async () => {
    const jobId = await endedRun({ provider_id: 'compatible' })
    const free = await endedRun()
    await begin()
    // Whoever has swept the run that costs nothing has looked at both.
    await until('the sweep of the other run', async () => {
      const [sweep] = await list(free)
      return sweep?.state === 'done'
    })
    const { offer, evalId } = await scoresOf(jobId)
    expect(evalId).toBeNull()
    expect(offer?.columns).toHaveLength(4)
    expect(away.asked).toHaveLength(0)
  })
})

describe('a fix', () => {
  const rowOf = (page: EvalPage, place: number) => page.rows[place]?.key ?? ''

  test('teaches the answer by a row of its own, once, and is counted until a version is made', async () => {
    const page = await start(draft(['steady']))
    await versionOf(datasetId)
    const rowKey = rowOf(page, 1)
    await fixRow(page.id, { rowKey, answer: 'Helium, it rises', reason: 'wrong' })
    const fix = await fixRow(page.id, { rowKey, answer: 'Helium, a gas', reason: 'too short' })
    expect(answerOf(Fix, fix).fixes).toMatchObject({ version: 1, next: 2, fixes: 1 })
    const summary = await getDatasetSummary(datasetId)
    expect(summary).toMatchObject({ train: { examples: 7 }, heldout: { examples: 9 }, undo: 'edit' })
    const row = await studio()
      .selectFrom('dataset_rows')
      .selectAll()
      .where('key', '=', fix.writtenKey)
      .where('until', 'is', null)
      .executeTakeFirstOrThrow()
    expect(row).toMatchObject({ split: 'train', line: example(1).replace('a metal', 'Helium, a gas') })
    expect((await look(page.id)).rows[1]?.fix).toMatchObject({ answer: 'Helium, a gas', reason: 'too short' })
    await makeVersion(datasetId)
    expect(answerOf(Fixes, await fixesOf(datasetId))).toMatchObject({ version: 2, next: 3, fixes: 0 })
  })

  test('leaves the row out where a model was trained on it, and nowhere else', async () => {
    const page = await start(draft(['steady']))
    await fixRow(page.id, { rowKey: rowOf(page, 1), answer: 'better' })
    const jobId = await endedRun()
    expect((await start(draft(['steady', 'cut']))).excluded).toEqual([])
    const spoilt = await start(draft(['steady', `ft:${jobId}:step-10`]))
    expect(spoilt.excluded).toMatchObject([{ number: 2, reason: 'inTraining', key: rowOf(page, 1) }])
    expect(spoilt.rowCount).toBe(4)
    expect(spoilt.columns[1]).toMatchObject({ kind: 'checkpoint', step: 10, jobId })
  })

  test('of a trained row is an edit of it', async () => {
    const page = await start(draft(['steady'], { split: 'train' }))
    const rowKey = rowOf(page, 0)
    const fix = await fixRow(page.id, { rowKey, answer: 'better' })
    expect(fix).toMatchObject({ writtenKey: rowKey, fixes: { version: null, next: 1, fixes: 1 } })
  })
})

describe('the event stream', () => {
  test('tells how far evaluations under way are, and leaves out what has ended', async () => {
    const leaving = new AbortController()
    const told: EvalProgress[][] = []
    const reading = (async () => {
      for await (const { data } of liveEvals(leaving.signal, true)) told.push(data as EvalProgress[])
    })()
    await until('how things stand', () => told.length === 1)
    expect(told[0]).toEqual([])
    const { id } = await start(draft(['gated'], { rows: 2 }))
    await until('it began', () => told.at(-1)?.length === 1)
    expect(told.at(-1)).toEqual([{ id, jobId: null, state: 'running', open: 2, ungraded: 0 }])
    await begin()
    await until('the gated ones', () => askedOf(here, 'gated') === 2)
    here.open()
    await reaches(id, 'done')
    await until('its end', () => told.at(-1)?.length === 0)
    leaving.abort()
    await reading
  })

  test('that does not last says how things stand, once', async () => {
    const { id } = await start(draft(['steady']))
    const response = await getStream(new Request('http://localhost/api/stream?lasting=false'), {})
    const text = await response.text()
    expect(text.match(/^event: evals$/gm)).toHaveLength(1)
    expect(text).toContain(`[{"id":"${id}","jobId":null,"state":"running","open":4,"ungraded":0}]`)
  })
})

/** What one grader says, or several: passed, failed, or that it could not grade the answer. */
type Said = 'pass' | 'fail' | 'none'
const GRADES = {
  pass: { score: 1, passed: true },
  fail: { score: 0, passed: false },
  none: { score: null, passed: null },
}

/** Writes grades of a column, one row after the other, as if the graders had given them. */
async function grade(id: string, column: number, said: readonly (Said | Said[])[]): Promise<void> {
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

describe('what fine-tuning is worth', () => {
  const compare = async ({ rows } = { rows: 2 }) => {
    const jobId = await endedRun()
    const { id } = await start(draft(['steady', `ft:${jobId}`], { jobId, rows }))
    await begin()
    await reaches(id, 'done')
    return id
  }

  test('never, where its calls cost more than those of the base; free, where nothing costs', async () => {
    const id = await compare()
    const dear = { base: { input: 1, output: 1 }, tuned: { input: 9, cachedInput: null, output: 9 } }
    const prices = { base: { ...dear.base, cachedInput: null }, tuned: dear.tuned }
    const worth = await compareCosts(id, { k: 0, callsPerDay: 100, prices })
    expect(worth).toMatchObject({
      training: 0,
      againstBase: { verdict: 'never', calls: null },
      againstFewShot: null,
    })
    expect(await compareCosts(id, { k: 0, callsPerDay: 100 })).toMatchObject({
      againstBase: { verdict: 'free' },
    })
  })

  test('dearer calls that answer better are what the money buys; training may be assumed', async () => {
    const id = await compare({ rows: 8 })
    await grade(id, 0, Array(8).fill('fail'))
    await grade(id, 1, Array(8).fill('pass'))
    const price = (input: number) => ({ input, cachedInput: null, output: input })
    const prices = { base: price(1), tuned: price(9) }
    const worth = await compareCosts(id, { k: 0, callsPerDay: 100, training: 26_370, prices })
    expect(worth).toMatchObject({
      training: 26_370,
      againstBase: {
        verdict: 'buys',
        calls: null,
        quality: { before: 0, after: 1, mean: false, better: 'after', p: expect.closeTo(2 / 256) },
      },
    })
    await grade(id, 1, ['pass', ...Array(7).fill('fail')])
    expect(await compareCosts(id, { k: 0, callsPerDay: 100, prices })).toMatchObject({
      againstBase: { verdict: 'never', quality: { before: 0, after: 1 / 8, better: null, p: 1 } },
    })
  })

  test('examples that nobody asked with are counted, and said to be', async () => {
    const id = await compare()
    const price = { input: 1_000_000, cachedInput: null, output: 1_000_000 }
    const prices = encodeURIComponent(JSON.stringify({ base: price, tuned: price }))
    const response = await getWorth(new Request(`http://localhost/?k=3&callsPerDay=10&prices=${prices}`), {
      params: Promise.resolve({ evalId: id }),
    })
    const { lanes, againstFewShot } = await response.json()
    expect(lanes).toMatchObject([
      { kind: 'base', scaled: false, tokens: { prompt: 7 }, costPerCall: 11, costPerDay: 110 },
      { kind: 'fewShot', scaled: true, fewShot: 3, score: null },
      { kind: 'tuned', costPerCall: 11 },
    ])
    expect(lanes[1].tokens.prompt).toBeGreaterThan(40)
    expect(againstFewShot).toMatchObject({ verdict: 'paid', saving: lanes[1].costPerCall - 11 })
  })
})

describe('rows', () => {
  test('that got worse come first, and a filter leaves those that differ', async () => {
    const { id } = await start(draft(['steady', 'gated'], { rows: 2, graders: [{ kind: 'limerick' }] }))
    await begin()
    await until('the gated ones', async () => askedOf(here, 'gated') === 2)
    here.open()
    await reaches(id, 'done')
    const grades = (score: number) => JSON.stringify([{ score, passed: score > 0.5, detail: {} }])
    const db = studio()
    const at = db.updateTable('eval_cells').where('eval_id', '=', id)
    await at
      .set({ grades_json: grades(1) })
      .where('column_index', '=', 0)
      .execute()
    await at
      .set({ grades_json: grades(1) })
      .where('column_index', '=', 1)
      .where('place', '=', 0)
      .execute()
    const page = await look(id, { sort: 'regressions' })
    expect(page.rows.map(({ number, verdict }) => [number, verdict])).toEqual([
      [2, 'worse'],
      [1, 'same'],
    ])
    expect(await look(id, { filter: 'failing' })).toMatchObject({ total: 1, rows: [{ number: 2 }] })
    expect(await look(id, { filter: 'different', limit: 0 })).toMatchObject({ total: 1, rows: [] })
    const csv = await (
      await getCsv(new Request('http://localhost/'), { params: Promise.resolve({ evalId: id }) })
    ).text()
    expect(csv.trimEnd().split('\n')).toHaveLength(5)
  })

  test('are compared by the graders that graded both; what could not be graded neither fails nor differs', async () => {
    const graders = [{ kind: 'exact' as const }, { kind: 'limerick' as const }]
    const { id } = await start(draft(['steady', 'steady-too'], { graders }))
    await begin()
    await reaches(id, 'done')
    await grade(id, 0, [
      ['none', 'fail'],
      ['none', 'none'],
      ['pass', 'pass'],
      ['pass', 'pass'],
    ])
    await grade(id, 1, [
      ['pass', 'pass'],
      ['none', 'none'],
      ['none', 'fail'],
      ['fail', 'none'],
    ])
    const page = await look(id, { sort: 'regressions' })
    expect(page.rows.map(({ number, change, verdict }) => [number, change, verdict])).toEqual([
      [3, -1, 'worse'],
      [4, -1, 'worse'],
      [1, 1, 'better'],
      [2, null, null],
    ])
    expect(page.columns.map(({ overall }) => [overall.passed, overall.n, overall.notGraded])).toEqual([
      [2, 3, 1],
      [1, 3, 1],
    ])
    expect(page.columns[0]?.scores).toMatchObject([
      { passed: 2, n: 2, notGraded: 2 },
      { passed: 2, n: 3, notGraded: 1 },
    ])
    expect(await look(id, { filter: 'failing' })).toMatchObject({
      total: 2,
      rows: [{ number: 3 }, { number: 4 }],
    })
    expect(await look(id, { filter: 'different' })).toMatchObject({
      total: 3,
      rows: [{ number: 1 }, { number: 3 }, { number: 4 }],
    })
  })

  test('of two models are pairs: a test of pairs tells what two intervals beside each other hide', async () => {
    const { id } = await start(draft(['steady', 'steady-too'], { rows: 8 }))
    await begin()
    await reaches(id, 'done')
    await grade(id, 0, ['pass', ...Array(7).fill('fail')])
    await grade(id, 1, ['pass', ...Array(6).fill('pass'), 'none'])
    const { columns, difference } = await look(id, { limit: 0 })
    expect(columns.map(({ overall }) => [overall.passed, overall.n])).toEqual([
      [1, 8],
      [7, 7],
    ])
    expect(difference).toEqual({ a: 1, b: 0, n: 7, by: 6, mean: false, p: expect.closeTo(2 / 64) })
    await grade(id, 1, ['fail', 'pass'])
    expect((await look(id, { limit: 0 })).difference).toMatchObject({
      n: 7,
      by: 5,
      p: expect.closeTo(16 / 128),
    })
    await grade(id, 1, Array(8).fill('none'))
    expect((await look(id, { limit: 0 })).difference).toBeNull()
  })

  test('leave as CSV a chunk at a time, and not at all where there is no such evaluation', async () => {
    const { id } = await start(draft(['steady'], { rows: 4 }))
    await begin()
    await reaches(id, 'done')
    const chunks = await Array.fromAsync(await evalCsv(id))
    expect(chunks).toHaveLength(2)
    expect(chunks[0]).toMatch(/^row,key,question,.*,score_1_exact\n$/)
    expect(chunks[1]?.split('\n')).toHaveLength(5)
    await expect(evalCsv('eval_nope')).rejects.toMatchObject({ code: 'not_found' })
  })
})
