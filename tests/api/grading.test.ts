import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { addRow } from '#lib/datasets/edit-row.ts'
import { createDataset } from '#lib/datasets/update-dataset.ts'
import { studio } from '#lib/db/studio.ts'
import { evalCsv } from '#lib/evals/csv.ts'
import { newEvalId } from '#lib/evals/eval-id.ts'
import { getEval } from '#lib/evals/get.ts'
import { startEvals } from '#lib/evals/runner.ts'
import { EvalDraft, type EvalDraftInput, EvalPage } from '#lib/evals/schema.ts'
import { resumeEval, startEval } from '#lib/evals/start.ts'
import { changeEval } from '#lib/evals/store.ts'
import { answerOf } from '#lib/http/answer.ts'
import { POST as postGrade } from '../../app/api/evals/grade/route.ts'
import { startChatProvider } from '../support/chat-provider.ts'
import { until } from '../support/engine.ts'
import { setUpStudio } from '../support/set-up.ts'

const away = await startChatProvider()
await setUpStudio(away)
let datasetId: string
let ending = new AbortController()
let loop: Promise<void> = Promise.resolve()

const look = async (id: string) => answerOf(EvalPage, await getEval(id))

const row = (n: number) =>
  JSON.stringify({
    messages: [
      { role: 'user', content: `What is element ${n}?` },
      { role: 'assistant', content: 'Neon is a gas' },
    ],
  })

beforeAll(async () => {
  datasetId = (await createDataset({ name: 'elements' })).id
  for (let n = 0; n < 5; n++) await addRow(datasetId, { line: row(n), split: 'heldout' })
})
beforeEach(async () => {
  const db = studio()
  for (const table of ['evals', 'eval_answers'] as const) await db.deleteFrom(table).execute()
  away.asked.splice(0)
})
afterEach(() => kill())
afterAll(async () => {
  await away.close()
})

async function begin(): Promise<void> {
  ending = new AbortController()
  loop = startEvals(ending.signal, { tick: 10, sweep: 20 })
}

async function kill(): Promise<void> {
  ending.abort()
  await loop
}

const jsonSchema = (schema: unknown) => ({ kind: 'jsonSchema' as const, schema: JSON.stringify(schema) })
const fair = jsonSchema({ type: 'object' })
/** It goes in a circle on `{"a":1}`, which is what the model `json` answers. */
const circle = jsonSchema({
  properties: { a: { $ref: '#/$defs/x' } },
  $defs: { x: { allOf: [{ $ref: '#/$defs/x' }] } },
})

async function start(graders: EvalDraftInput['graders'], model = 'json'): Promise<string> {
  const columns = [{ providerId: 'compatible' as const, model }]
  const draft = EvalDraft.parse({ id: newEvalId(), datasetId, columns, graders })
  return (await startEval(draft)).id
}

/** What an earlier version of the product has let through. */
async function saveGraders(id: string, graders: EvalDraftInput['graders']): Promise<void> {
  const db = studio()
  const { request_json } = await db
    .selectFrom('evals')
    .select('request_json')
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  const request = JSON.stringify({ ...JSON.parse(request_json), graders })
  await db.updateTable('evals').set({ request_json: request }).where('id', '=', id).execute()
}

const reaches = (id: string, state: EvalPage['state']) =>
  until(`${id} to be ${state}`, async () => {
    const page = await look(id)
    return page.state === state && page
  })

const scoresIn = ({ columns }: EvalPage) => columns[0]?.scores
const faultsIn = ({ rows }: EvalPage) => rows.map(({ cells: [cell] }) => cell?.grades?.[0]?.detail.fault)

/** As many levels, each of which looks twice at the next. */
const bomb = jsonSchema({
  $ref: '#/$defs/d0',
  $defs: Object.fromEntries(
    Array.from({ length: 40 }, (_, level) => {
      const next = { $ref: `#/$defs/d${level + 1}` }
      return [`d${level}`, level === 39 ? {} : { allOf: [next, next] }]
    }),
  ),
})

describe('a grader that throws', () => {
  test('is told beside the answers, which are kept, count in no score and stand in the CSV', async () => {
    const id = await start([circle, fair])
    await begin()
    const page = await reaches(id, 'done')
    expect(away.asked).toHaveLength(5)
    expect(scoresIn(page)).toMatchObject([
      { n: 0, passed: 0, notGraded: 5, share: null },
      { n: 5, passed: 5, notGraded: 0, share: 1 },
    ])
    const [cell] = page.rows[0]?.cells ?? []
    expect(cell).toMatchObject({ state: 'answered', text: '{"a":1}', passed: null })
    expect(cell?.grades?.[0]).toMatchObject({
      score: null,
      passed: null,
      detail: { fault: 'threw', words: expect.stringMatching(/call stack/) },
    })
    const [head = '', first = ''] = (await Array.fromAsync(await evalCsv(id))).join('').split('\n')
    expect(head).toMatch(/,passed,not_graded,.*,score_1_jsonSchema,score_2_jsonSchema$/)
    expect(first).toMatch(/,stop,,1,.*,,1$/)
  })

  test('stops no other evaluation, also not with answers that are known and after a restart', async () => {
    const known = await start([fair])
    await begin()
    await reaches(known, 'done')
    await kill()
    const poisoned = await start([fair])
    await saveGraders(poisoned, [jsonSchema({ $ref: '#' })])
    const next = await start([fair])
    await begin()
    expect(scoresIn(await reaches(next, 'done'))).toMatchObject([{ n: 5, passed: 5 }])
    await kill()
    const last = await start([fair])
    await begin()
    expect(scoresIn(await reaches(last, 'done'))).toMatchObject([{ n: 5, passed: 5 }])
    expect(scoresIn(await reaches(poisoned, 'done'))).toMatchObject([{ n: 0, notGraded: 5 }])
    expect(away.asked).toHaveLength(5)
  })
})

test('a grader without end is asked three times, and others are asked and graded beside it', async () => {
  const id = await start([fair])
  await saveGraders(id, [bomb])
  const next = await start([fair], 'steady')
  await begin()
  expect(scoresIn(await reaches(next, 'done'))).toMatchObject([{ n: 5, passed: 0, notGraded: 0 }])
  const page = await reaches(id, 'done')
  expect(faultsIn(page)).toEqual(['late', 'late', 'late', 'skipped', 'skipped'])
  expect(scoresIn(page)).toMatchObject([{ n: 0, notGraded: 5 }])
}, 90_000)

test('what was answered and not yet graded when a process ended is graded by the next, and not asked again', async () => {
  const id = await start([fair])
  await begin()
  await reaches(id, 'done')
  await kill()
  const db = studio()
  await db.updateTable('eval_cells').set({ grades_json: null }).where('place', '>', 1).execute()
  await db.updateTable('evals').set({ state: 'stopped', finished_at: null }).execute()
  expect(scoresIn(await look(id))).toMatchObject([{ n: 2, notGraded: 0 }])
  await begin()
  await until('the grades', async () => scoresIn(await look(id))?.[0]?.n === 5)
  expect(away.asked).toHaveLength(5)
})

test.each([
  ['without end', bomb, /takes longer than 2 seconds/],
  ['that goes in a circle', jsonSchema({ $ref: '#' }), /refers to itself/],
  ['that answers with promises', jsonSchema({ $async: true }), /"\$async"/],
])('a grader %s is refused with words, and nothing is written', async (_what, grader, words) => {
  await expect(start([grader])).rejects.toMatchObject({
    code: 'invalid',
    param: 'graders',
    message: expect.stringMatching(words),
  })
  expect(await studio().selectFrom('evals').select('id').execute()).toEqual([])
})

test('an evaluation that cannot be read has failed with its reason; others go on; mended, it can be resumed', async () => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => {})
  const id = await start([fair])
  const next = await start([fair], 'steady')
  const db = studio()
  await db.updateTable('evals').set({ shots_json: '[' }).where('id', '=', id).execute()
  await begin()
  await reaches(next, 'done')
  expect((await reaches(id, 'failed')).error).toMatchObject({ code: 'internal' })
  expect(said).toHaveBeenCalledTimes(3)
  await db.updateTable('evals').set({ shots_json: '[]' }).where('id', '=', id).execute()
  await resumeEval(id, {})
  expect(await reaches(id, 'done')).toMatchObject({ error: null })
})

test('changes of one evaluation at once are all kept', async () => {
  const id = await start([fair])
  const add = (n: number) =>
    changeEval(id, ({ pauses_json }) => ({ pauses_json: JSON.stringify([...JSON.parse(pauses_json), n]) }))
  await Promise.all(Array.from({ length: 20 }, (_, n) => add(n)))
  const [record] = await studio().selectFrom('evals').select('pauses_json').execute()
  expect(JSON.parse(record?.pauses_json ?? '')).toHaveLength(20)
})

test('an answer of the playground is judged by the same grader: form and rhyme', async () => {
  const judge = async (answer: string) => {
    const body = JSON.stringify({ grader: { kind: 'limerick' }, answer })
    const headers = { 'content-type': 'application/json' }
    return (await postGrade(new Request('http://localhost/', { method: 'POST', headers, body }), {})).json()
  }
  const verse = (end: string) =>
    `Neon, a gas that can fly - You meet it in signs in the sky - It glows in the ${end} - It lights up the bed - Its symbol is Ne, I reply`
  expect(await judge(verse('red'))).toMatchObject({ passed: true })
  expect(await judge(verse('night,'))).toMatchObject({
    passed: false,
    detail: { parts: 5, first: 3, second: 4, firstWord: 'night', secondWord: 'bed' },
  })
})
