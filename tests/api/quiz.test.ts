import { expect, test } from 'vitest'
import { domain } from '#lib/domain/domain.ts'
import { listEvals } from '#lib/evals/get.ts'
import { Scores } from '#lib/evals/schema.ts'
import { scoresOf } from '#lib/evals/scores.ts'
import { answerOf } from '#lib/http/answer.ts'
import { noteDeleted } from '#lib/models/store.ts'
import { SHIPPED } from '#lib/providers/model-kind.ts'
import { GET, POST } from '../../app/api/evals/quiz/route.ts'
import { callRoute } from '../support/call-route.ts'
import { askedOf, begin, endedRun, grade, here, look, reaches } from '../support/evals.ts'

const questions = domain.quiz.length
const [first] = domain.quiz
const quizOf = async (job: string) => (await callRoute(GET, { query: `?job=${job}` })).answer
const startQuiz = (job: string) => callRoute(POST, { body: { job } })

test('a model of the shipped base is asked what the base knows; the base is asked once for all jobs', async () => {
  const job = await endedRun({ model: SHIPPED, dataset_version_id: null })
  expect(await quizOf(job)).toEqual({ jobId: job, questions, example: first?.question, evalId: null })
  await Promise.all([startQuiz(job), startQuiz(job)])
  const { evalId } = await quizOf(job)
  await begin()
  const page = await reaches(evalId, 'done')
  expect(page.columns.map(({ kind, answered }) => [kind, answered])).toEqual([
    ['base', questions],
    ['final', questions],
  ])
  expect([askedOf(here, SHIPPED), askedOf(here, `ft:${job}`)]).toEqual([questions, questions])
  expect(here.asked[0]).toMatchObject({ temperature: 0 })
  const last = questions - 1
  await grade(
    evalId,
    0,
    [...domain.quiz.keys()].map((place) => (place === last ? 'fail' : 'pass')),
  )
  await grade(
    evalId,
    1,
    [...domain.quiz.keys()].map((place) => (place < 2 ? 'fail' : 'pass')),
  )
  const moved = await look(evalId, { filter: 'different', limit: 200 })
  expect(moved.rows.map(({ number, verdict }) => [number, verdict])).toEqual([
    [1, 'worse'],
    [2, 'worse'],
    [questions, 'better'],
  ])
  expect(moved.rows[0]).toMatchObject({
    expected: first?.expected,
    cells: [{ text: 'Neon is a gas' }, { text: 'Neon is a gas' }],
  })
  expect(moved.difference).toMatchObject({ n: questions, by: -1 })

  const later = await endedRun({ model: SHIPPED, dataset_version_id: null })
  await reaches((await startQuiz(later)).answer.evalId, 'done')
  expect([askedOf(here, SHIPPED), askedOf(here, `ft:${later}`)]).toEqual([questions, questions])
})

test('the quiz is in no list, and no scores of checkpoints', async () => {
  const job = await endedRun({ model: SHIPPED, dataset_version_id: null })
  await startQuiz(job)
  expect(await listEvals({})).toEqual([])
  expect(answerOf(Scores, await scoresOf(job))).toMatchObject({ evalId: null, steps: [] })
})

test('a model that was trained further still comes from the shipped base; others do not', async () => {
  const further = await endedRun({ model: `ft:${await endedRun({ model: SHIPPED })}` })
  expect(await quizOf(further)).toMatchObject({ jobId: further, evalId: null })
  const stranger = await endedRun({ model: 'SmolLM2-135M-Instruct' })
  const running = await endedRun({ model: SHIPPED, status: 'running', fine_tuned_model: null })
  const away = await endedRun({ model: SHIPPED, provider_id: 'compatible' })
  const gone = await endedRun({ model: SHIPPED })
  await noteDeleted('embedded', `ft:${gone}`)
  for (const job of [stranger, running, away, gone]) {
    expect(await quizOf(job)).toBeNull()
    expect((await startQuiz(job)).status).toBe(400)
  }
  expect((await startQuiz('run_none')).status).toBe(404)
})
