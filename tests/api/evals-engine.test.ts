import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { z } from 'zod'
import { Grader } from '#lib/evals/graders/schema.ts'
import { answerOf } from '#lib/http/answer.ts'
import { newFolder, startEngine, stopEngine, type TestEngine, until } from '../support/engine.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'limerick-evals-engine-'))
let engine: TestEngine
const ending = new AbortController()
let loop: Promise<void>

beforeAll(async () => {
  vi.stubEnv('LIMERICK_DATA', folder)
  vi.stubEnv('OPENAI_BASE_URL', '')
  vi.stubEnv('OPENAI_API_KEY', '')
  engine = await startEngine(await newFolder())
  const { setStudioDatabase: serveStudio } = await import('#lib/db/studio.ts')
  const { openDatabase } = await import('#lib/db/open.ts')
  serveStudio(await openDatabase(path.join(folder, 'studio.db'), path.resolve('lib/db/migrations')))
  const { setEngineAddress } = await import('#lib/providers/registry.ts')
  setEngineAddress({ baseURL: engine.baseURL, key: engine.key })
  loop = (await import('#lib/evals/runner.ts')).startEvals(ending.signal, { tick: 20 })
})
afterAll(async () => {
  ending.abort()
  await loop
  await stopEngine(engine)
  await (await import('#lib/db/studio.ts')).studio().destroy()
  vi.unstubAllEnvs()
  rmSync(folder, { recursive: true, force: true })
})

test('the engine answers Elle’s held-out rows, with and without examples, and says the same twice', async () => {
  const { loadSample } = await import('#lib/datasets/samples.ts')
  const { gradersFor } = await import('#lib/evals/checkpoint-evals.ts')
  const { id: datasetId } = await loadSample()
  const graders = answerOf(z.array(Grader), await gradersFor(datasetId))
  expect(graders).toEqual([{ kind: 'limerick' }, { kind: 'elementFact' }])
  const { EvalDraft, newEvalId } = await import('#lib/evals/schema.ts')
  const { startEval } = await import('#lib/evals/start.ts')
  const { getEval } = await import('#lib/evals/get.ts')
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
