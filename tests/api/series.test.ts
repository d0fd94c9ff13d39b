import { type Kysely, sql } from 'kysely'
import { describe, expect, test } from 'vitest'
import { newJobId } from '#lib/core/ids.ts'
import { updateRow } from '#lib/datasets/edit-row.ts'
import { loadSample } from '#lib/datasets/samples.ts'
import { getRows } from '#lib/datasets/view.ts'
import { up } from '#lib/db/migrations/0005-runs.ts'
import { up as withNoNumbers } from '#lib/db/migrations/0013-diverged.ts'
import { studio } from '#lib/db/studio.ts'
import { getJob } from '#lib/jobs/get.ts'
import { curvePoints } from '#lib/jobs/get-series.ts'
import { launchJob } from '#lib/jobs/launch.ts'
import { keepPoints } from '#lib/jobs/points-store.ts'
import type { Series, StepRows } from '#lib/jobs/series-schema.ts'
import { findJob, insertJob, updateJob } from '#lib/jobs/store.ts'
import { syncJob as mirror } from '#lib/jobs/sync-job.ts'
import * as seriesRoute from '../../app/api/jobs/[jobId]/series/route.ts'
import * as stepsRoute from '../../app/api/jobs/[jobId]/steps/[step]/route.ts'
import { jobDraft } from '../support/job-draft.ts'
import { setUpStudio } from '../support/set-up.ts'
import { setUpEngine } from '../support/set-up-engine.ts'

await setUpStudio()
await setUpEngine()

/** Steps 85 to 100 of the lesson. */
const TAIL = [0.14, 0, 0, 0.07, 0, 0, 0, 0, 0, 0, 0.08, 0.05, 0, 0, 0, 0]

async function newRun(more: { result_json?: string } = {}): Promise<string> {
  const id = newJobId()
  await insertJob({
    ...{ id, provider_id: 'embedded', launch: 'found', request_hash: '', request_json: '{}' },
    ...{ status: 'running', model: 'limerick-base', created_at: 0, updated_at: 0, ...more },
  })
  return id
}

async function keep(id: string, losses: readonly number[], from = 1): Promise<void> {
  const points = losses.map((loss, index) => ({
    ...{ job_id: id, step: from + index, train_loss: loss },
    at: (from + index) * 1000,
  }))
  await keepPoints(points, studio())
  await updateJob(id, { status: 'running' })
}

const ask = async (jobId: string, query = ''): Promise<Response> =>
  seriesRoute.GET(new Request(`http://localhost/api/jobs/${jobId}/series?${query}`), {
    params: Promise.resolve({ jobId }),
  })

const series = async (jobId: string, query = ''): Promise<Series> => (await ask(jobId, query)).json()

const steps = async (jobId: string, step: number | string): Promise<Response> =>
  stepsRoute.GET(new Request(`http://localhost/api/jobs/${jobId}/steps/${step}`), {
    params: Promise.resolve({ jobId, step: String(step) }),
  })

describe('GET /api/jobs/[jobId]/series', () => {
  test('serves the lesson’s tail whole: 16 points, 12 of them zero', async () => {
    const id = await newRun()
    await keep(id, TAIL, 85)
    const { trainLoss, ...found } = await series(id)
    expect(trainLoss.value).toEqual(TAIL)
    expect(found).toMatchObject({
      from: 85,
      to: 100,
      count: 16,
      sampled: false,
      zeros: 12,
      typical: [0, 0.08],
    })
    expect(found).toMatchObject({ began: 85_000, clock: { step: expect.arrayContaining([85, 100]) } })
    expect(found.clock.value.at(-1)).toBe(15_000)
  })

  test('samples a long run to the plot, and a part of it anew', async () => {
    const id = await newRun()
    const losses = Array.from({ length: 20_000 }, (_, index) => 2 + Math.sin(index) / 10)
    losses[12_345] = 40
    losses[12_346] = 0
    await keep(id, losses)
    const whole = await series(id, 'width=400')
    expect(whole).toMatchObject({ count: 20_000, sampled: true, zeros: 1 })
    expect(whole.trainLoss.step.length).toBeLessThanOrEqual(802)
    expect(whole.trainLoss.value).toEqual(expect.arrayContaining([40, 0]))
    const part = await series(id, 'width=400&from=12300&to=12400')
    expect(part.clock).toMatchObject({ step: expect.arrayContaining([12_300, 12_400]) })
    expect(part.clock.value[0]).toBe(12_299_000)
    expect(part).toMatchObject({ from: 12_300, to: 12_400, count: 101, sampled: false })
    expect(part.trainLoss.step).toEqual(Array.from({ length: 101 }, (_, index) => 12_300 + index))
  })

  test('of a run that has grown since is the new one', async () => {
    const id = await newRun()
    await keep(id, [3, 2])
    expect((await series(id)).trainLoss.value).toEqual([3, 2])
    await keep(id, [1], 3)
    expect((await series(id)).trainLoss.value).toEqual([3, 2, 1])
  })

  test('of a run without a point is empty; of none there is 404, of nonsense 400', async () => {
    expect(await series(await newRun())).toMatchObject({ count: 0, trainLoss: { step: [] }, best: null })
    expect((await ask('run_nowhere')).status).toBe(404)
    expect((await ask(await newRun(), 'width=1')).status).toBe(400)
  })
})

describe('a curve of before there were points', () => {
  test('is told by its events, and by the result file where they had none', async () => {
    const [told, filed] = [
      await newRun(),
      await newRun({
        result_json: JSON.stringify([
          { step: 1, trainLoss: 2, validLoss: 3, fullValidLoss: null, accuracy: 0 },
          { step: 2, trainLoss: 0, validLoss: 2.5, fullValidLoss: null, accuracy: 1 },
        ]),
      }),
    ]
    const event = (n: number, message: string, data: object | null) => ({
      ...{ job_id: told, id: `ftevent-${n}`, created_at: n * 1000, level: 'info', type: 'metrics', message },
      data_json: data && JSON.stringify(data),
    })
    await studio()
      .insertInto('job_events')
      .values([
        event(1, 'Step 1/3: training loss=1.00', { step: 1, train_loss: 1, full_valid_loss: 4 }),
        event(2, 'Step 2/3: training loss=0.00', { train_loss: 0, valid_loss: -1, full_valid_loss: 3 }),
        event(3, 'Step 3/3', null),
        event(4, 'Step 2/3: once more', { step: 2, train_mean_token_accuracy: 0.5 }),
      ])
      .execute()
    await studio().insertInto('job_states').values({ job_id: told, status: 'running', at: 7 }).execute()
    for (const table of ['job_points', 'spend_limits', 'spend', 'chat_prices', 'provider_holds'])
      await sql`drop table ${sql.table(table)}`.execute(studio())
    await sql`drop index jobs_list`.execute(studio())
    await sql`create index jobs_newest on jobs (created_at desc, id desc)`.execute(studio())
    for (const column of ['best_valid', 'best_valid_step', 'running_at', 'trouble_json'])
      await sql`alter table jobs drop column ${sql.ref(column)}`.execute(studio())
    await up(studio() as unknown as Kysely<unknown>)
    await withNoNumbers(studio() as never)

    const none = { validLoss: null, validAccuracy: null, fullValidAccuracy: null }
    expect(await curvePoints(told)).toEqual([
      { ...none, step: 1, at: 1000, trainLoss: 1, fullValidLoss: 4, accuracy: null },
      { ...none, step: 2, at: 4000, trainLoss: 0, fullValidLoss: 3, accuracy: 0.5 },
      { ...none, step: 3, at: 3000, trainLoss: null, fullValidLoss: null, accuracy: null },
    ])
    expect((await curvePoints(filed)).map(({ trainLoss, accuracy }) => [trainLoss, accuracy])).toEqual([
      [2, 0],
      [0, 1],
    ])
    expect(await getJob(told)).toMatchObject({ bestValid: 3, bestValidStep: 2, runningAt: 7, pointCount: 3 })
    expect(await getJob(filed)).toMatchObject({ bestValid: 2.5, bestValidStep: 2, runningAt: null })
  })
})

describe('GET /api/jobs/[jobId]/steps/[step]', () => {
  test('tells the rows of a step by the version that was sent, each with its own loss', async () => {
    const datasetId = (await loadSample()).id
    const before = (await getRows(datasetId)).rows.filter(({ split }) => split === 'train')
    const job = await launchJob(
      jobDraft(datasetId, {
        seed: 1,
        hyperparameters: { nEpochs: 1, batchSize: 4, learningRateMultiplier: 'auto' },
      }),
    )
    const [edited] = before
    if (!edited?.text) throw new Error('The sample has no rows.')
    const line = edited.text.replace(/Tell me about \w+/, 'Tell me about nothing')
    await updateRow(datasetId, edited.id, { revision: edited.revision, line })
    await expect
      .poll(
        async () => {
          await mirror(await findJob(job.id))
          return (await getJob(job.id)).status
        },
        { timeout: 240_000, interval: 500 },
      )
      .toBe('succeeded')

    const { pointCount, trainRows } = await getJob(job.id)
    expect(trainRows).toBe(before.length)
    const told = await Promise.all(
      Array.from(
        { length: pointCount },
        async (_, n) => (await steps(job.id, n + 1)).json() as Promise<StepRows>,
      ),
    )
    const rows = told.flatMap((step) => step.rows ?? [])
    expect(rows.map(({ example }) => example).toSorted((a, b) => a - b)).toEqual(before.map((_, n) => n + 1))
    for (const { example, key, question, answer, loss } of rows) {
      const row = before[example - 1]
      expect(key).toBe(row?.id)
      const messages = JSON.parse(row?.text ?? '{}').messages as { role: string; content: string }[]
      const said = (role: string) => messages.findLast((turn) => turn.role === role)?.content.slice(0, 200)
      expect({ question, answer }).toEqual({ question: said('user'), answer: said('assistant') })
      expect(loss).toBeGreaterThan(0)
    }
    for (const { rows, trainLoss, epoch, learningRate, gradNorm } of told) {
      expect(learningRate).toBeGreaterThan(0)
      expect(gradNorm).toBeGreaterThan(0)
      expect(epoch).toBe(1)
      const [least, most] = [Math.min, Math.max].map((pick) =>
        pick(...(rows ?? []).map(({ loss }) => loss ?? 0)),
      )
      expect(trainLoss).toBeGreaterThanOrEqual((least ?? 0) - 1e-6)
      expect(trainLoss).toBeLessThanOrEqual((most ?? 0) + 1e-6)
    }
  })

  test('tells no rows where the provider told none, and nothing of steps that never were', async () => {
    const id = await newRun()
    await keep(id, [1])
    const nothing = { epoch: null, learningRate: null, gradNorm: null, rewards: null, rows: null }
    expect(await (await steps(id, 1)).json()).toEqual({ step: 1, trainLoss: 1, ...nothing })
    for (const step of [2, 'x', 1.5]) expect((await steps(id, step)).status).toBe(404)
  })
})
