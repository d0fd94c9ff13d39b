import { describe, expect, test } from 'vitest'
import { makeVersion, versionOf } from '#lib/datasets/versions.ts'
import { getDatasetSummary } from '#lib/datasets/view.ts'
import { studio } from '#lib/db/studio.ts'
import { fixesOf, fixRow } from '#lib/evals/fix.ts'
import { liveEvals } from '#lib/evals/live.ts'
import { type EvalPage, type EvalProgress, Fix, Fixes } from '#lib/evals/schema.ts'
import { resumeEval, stopEval } from '#lib/evals/start.ts'
import { answerOf } from '#lib/http/answer.ts'
import { GET as getStream } from '../../app/api/stream/route.ts'
import type { ChatProvider } from '../support/chat-provider.ts'
import { until } from '../support/engine.ts'
import {
  askedOf,
  away,
  begin,
  datasetId,
  draft,
  endedRun,
  estimate,
  example,
  far,
  here,
  holdOutMore,
  kill,
  look,
  reaches,
  start,
} from '../support/evals.ts'

const questions = (provider: ChatProvider) =>
  provider.asked.map(({ messages }) => (messages as { content: string }[]).at(-1)?.content)

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
    await holdOutMore()
    const { id } = await start(draft(['cut', 'refuses', 'hangs', 'steady'], { rows: 16 }))
    await begin()
    const page = await until('the steady column', async () => {
      const now = await look(id)
      return (
        now.columns[3]?.answered === 16 &&
        now.columns[1]?.waiting === 0 &&
        now.columns[0]?.waiting === 0 &&
        now
      )
    })
    const [cut, refuses, hangs] = page.columns
    expect(cut).toMatchObject({ answered: 0, scores: [{ n: 0, share: null }] })
    expect(cut?.interrupted).toBeGreaterThanOrEqual(5)
    expect(page.rows[0]?.cells[0]).toMatchObject({ state: 'interrupted', text: 'Neon', grades: null })
    expect((refuses?.failed ?? 0) + (refuses?.skipped ?? 0)).toBe(16)
    expect(refuses?.skipped).toBeGreaterThan(0)
    expect(hangs).toMatchObject({ answered: 0, waiting: 16 })
  })

  test('after a kill asks only for what is missing', async () => {
    const { id } = await start(draft(['steady', 'late'], { rows: 4 }))
    await begin()
    await until('the steady column', async () => (await look(id)).columns[0]?.answered === 4)
    await until('the late ones to be under way', async () => askedOf(here, 'late') === 4)
    await kill()
    expect(await look(id)).toMatchObject({ state: 'running', done: 4 })
    here.asked.splice(0)
    await begin()
    await until('the late ones', async () => askedOf(here, 'late') === 4)
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
