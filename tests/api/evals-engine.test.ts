import { afterAll, expect, test } from 'vitest'
import { z } from 'zod'
import { loadSample } from '#lib/datasets/samples.ts'
import { gradersFor } from '#lib/evals/checkpoint-evals.ts'
import { newEvalId } from '#lib/evals/eval-id.ts'
import { getEval } from '#lib/evals/get.ts'
import { Grader } from '#lib/evals/graders/schema.ts'
import { answerHash } from '#lib/evals/plan.ts'
import { startEvals } from '#lib/evals/runner.ts'
import { EvalDraft } from '#lib/evals/schema.ts'
import { startEval } from '#lib/evals/start.ts'
import { answerOf } from '#lib/http/answer.ts'
import { until } from '../support/engine.ts'
import { setUpStudio } from '../support/set-up.ts'
import { setUpEngine } from '../support/set-up-engine.ts'

await setUpStudio()
const engine = await setUpEngine()
const ending = new AbortController()
const loop = startEvals(ending.signal, { tick: 20 })

afterAll(async () => {
  ending.abort()
  await loop
})

test('the engine answers Elle’s held-out rows, with and without examples, and says the same twice', async () => {
  const { id: datasetId } = await loadSample()
  const graders = answerOf(z.array(Grader), await gradersFor(datasetId))
  expect(graders).toEqual([{ kind: 'limerick' }, { kind: 'elementFact' }])
  const base = (await engine.client.models.list()).data[0]?.id ?? ''
  const column = { providerId: 'embedded', model: base }
  const draft = EvalDraft.parse({
    ...{ id: newEvalId(), datasetId, rows: 2, graders },
    columns: [column, { ...column, fewShot: 2 }],
    sampling: { temperature: 0, topP: null, maxTokens: 12, seed: 0 },
  })
  const run = async () => {
    const { id } = await startEval({ ...draft, id: newEvalId() })
    return until('the evaluation', async () => {
      const page = await getEval(id)
      return page.state === 'done' && page
    })
  }
  const first = await run()
  const [plain, shown] = first.columns
  expect(plain).toMatchObject({ answered: 2, kind: 'base', cost: 0, failed: 0 })
  expect(shown?.promptTokens).toBeGreaterThan(plain?.promptTokens ?? 0)
  expect(first.rows[0]?.cells[0]).toMatchObject({ finishReason: expect.any(String), reportedModel: base })
  expect((await run()).columns.map(({ fromCache }) => fromCache)).toEqual([2, 2])
})

test('an evaluation with exact weights asks the engine for them, and takes no answer of another one', async () => {
  const { id: datasetId } = await loadSample()
  const model = (await engine.client.models.list()).data[0]?.id ?? ''
  const draft = EvalDraft.parse({
    ...{ id: newEvalId(), datasetId, rows: 1, graders: [{ kind: 'similarity', pass: 0.5 }] },
    columns: [{ providerId: 'embedded', model }],
    sampling: { temperature: 0, topP: null, maxTokens: 8, seed: 0 },
    exact: true,
  })
  const { id } = await startEval(draft)
  const page = await until('the evaluation', async () => {
    const found = await getEval(id)
    return found.state === 'done' && found
  })
  expect([page.exact, page.rows[0]?.cells[0]?.state]).toEqual([true, 'answered'])
  const question = [{ role: 'user' as const, content: 'Hi' }]
  const hash = (exact: boolean) =>
    answerHash({ providerId: 'embedded', model, sampling: null }, question, {
      sampling: draft.sampling,
      exact,
    })
  expect(hash(true)).not.toBe(hash(false))
})
