import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { studio } from '#lib/db/studio.ts'
import { evaluateCheckpoints } from '#lib/evals/checkpoint-evals.ts'
import { recordSweepAttempt } from '#lib/evals/checkpoint-evals-store.ts'
import { evalCsv } from '#lib/evals/csv.ts'
import { listEvals } from '#lib/evals/get.ts'
import { EvalSummary, Scores } from '#lib/evals/schema.ts'
import { scoresOf as getScores } from '#lib/evals/scores.ts'
import { answerOf } from '#lib/http/answer.ts'
import { translate } from '#lib/i18n/translate.ts'
import { getJob } from '#lib/jobs/get.ts'
import { keepPoints } from '#lib/jobs/points-store.ts'
import { keepScores } from '#lib/jobs/scores-store.ts'
import { pointAlias } from '#lib/models/aliases.ts'
import { GET as getCsv } from '../../app/api/evals/[evalId]/csv/route.ts'
import { GET as getCard } from '../../app/api/evals/card/route.ts'
import { until } from '../support/engine.ts'
import {
  askedOf,
  away,
  begin,
  draft,
  endedRun,
  grade,
  here,
  kill,
  look,
  reaches,
  start,
} from '../support/evals.ts'

const list = async (job: string) => answerOf(z.array(EvalSummary), await listEvals({ job }))
const scoresOf = async (jobId: string) => answerOf(Scores, await getScores(jobId))

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
    const final = scores.steps.at(-1)?.score
    const noted = await until('its score', async () => (await getJob(jobId)).score)
    expect(noted).toEqual({
      ...{ passed: final?.passed, n: 8, interval: final?.interval },
      ...{ mean: final?.mean, meanInterval: final?.meanInterval },
    })
  })

  test('scores that an earlier process did not store with the job are stored by the next', async () => {
    const jobId = await endedRun()
    await begin()
    await until('its score', async () => (await getJob(jobId)).score)
    await kill()
    await keepScores(jobId, [], null)
    expect((await getJob(jobId)).score).toBeNull()
    await begin()
    expect(await until('its score', async () => (await getJob(jobId)).score)).toMatchObject({ n: 8 })
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
    await recordSweepAttempt(deadly)
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
    expect(card).toContain('<html lang="en" dir="ltr">')
    const headers = { 'accept-language': 'ar-EG' }
    const arabic = await (
      await getCard(new Request(`http://localhost/?job=${jobId}`, { headers }), {})
    ).text()
    expect(arabic).toContain('<html lang="ar" dir="rtl">')
    expect(arabic).toContain(translate('report', 'ar-u-nu-latn')('loss.title'))
    expect(arabic).not.toContain(translate('report')('loss.title'))
  })

  test('a paid one is only offered', async () => {
    const jobId = await endedRun({ provider_id: 'compatible' })
    const free = await endedRun()
    await begin()
    // Once the free job has been evaluated, both jobs have been considered.
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
