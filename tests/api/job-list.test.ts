import { beforeAll, describe, expect, test } from 'vitest'
import { loadSample } from '#lib/datasets/samples.ts'
import { DatasetSummary } from '#lib/datasets/schema.ts'
import { studio } from '#lib/db/studio.ts'
import { answerOf } from '#lib/http/answer.ts'
import { listJobs, listPage, viewJob } from '#lib/jobs/list.ts'
import { keepPoints } from '#lib/jobs/points-store.ts'
import { JobListQuery } from '#lib/jobs/schema.ts'
import { insertJob } from '#lib/jobs/store.ts'
import * as compareRoute from '../../app/api/jobs/compare/route.ts'
import * as curvesRoute from '../../app/api/jobs/curves/route.ts'
import * as listRoute from '../../app/api/jobs/list/route.ts'
import { setUpStudio } from '../support/set-up.ts'

await setUpStudio()

type Change = Partial<Parameters<typeof insertJob>[0]>

let datasetId: string
let count = 0

const add = async (more: Change): Promise<string> => {
  const id = `run_${String(++count).padStart(24, '0')}`
  await insertJob({
    id,
    provider_id: 'embedded',
    remote_id: `ftjob-${count}`,
    launch: 'known',
    request_hash: '',
    request_json: '{}',
    status: 'succeeded',
    model: 'limerick-base',
    created_at: 1_000 * count,
    updated_at: 1_000 * count,
    finished_at: 1_000 * count,
    ...more,
  })
  return id
}

beforeAll(async () => {
  datasetId = answerOf(DatasetSummary, await loadSample()).id
  await add({ suffix: 'zinc', last_loss: 0.5, best_valid: 2, running_at: 0, finished_at: 9_000 })
  await add({ suffix: 'argon', last_loss: 0, model: 'gpt-4o-mini-2024-07-18', provider_id: 'openai' })
  await add({ suffix: '100%_sure', last_loss: null, status: 'failed', dataset_id: datasetId })
  await add({ suffix: null, dataset_id: datasetId, last_loss: 3, status: 'running', finished_at: null })
  await add({ suffix: 'never', launch: 'refused', status: 'refused' })
})

const page = (query: Record<string, unknown> = {}) => listPage(JobListQuery.parse(query))
const numbers = async (query: Record<string, unknown> = {}) =>
  (await page(query)).jobs.map(({ number }) => number)

describe('a page of runs', () => {
  test('has the newest first, and no intent that was refused', async () => {
    expect(await numbers()).toEqual([4, 3, 2, 1])
    expect(await page()).toMatchObject({ total: 4, all: 4, newest: 4 })
  })

  test('is in the order asked for; what was never measured comes last either way', async () => {
    expect(await numbers({ sort: 'loss', order: 'asc' })).toEqual([2, 1, 4, 3])
    expect(await numbers({ sort: 'loss', order: 'desc' })).toEqual([4, 1, 2, 3])
    expect((await numbers({ sort: 'valid', order: 'desc' }))[0]).toBe(1)
    expect((await numbers({ sort: 'time', order: 'asc' }))[0]).toBe(1)
    // The run without a name goes by that of its data.
    expect(await numbers({ sort: 'name', order: 'asc' })).toEqual([3, 2, 4, 1])
  })

  test('by name as people count, by score with the unscored last; of one moment by number', async () => {
    const at = { created_at: 500, updated_at: 500, finished_at: 500, provider_id: 'compatible' as const }
    for (const [suffix, score] of [
      ['exp-11', 0.5],
      ['exp-2', 0.97],
      ['Exp-1', null],
    ] as const)
      await add({ ...at, suffix, score })
    const shown = async (query: object) =>
      (await page({ provider: 'compatible', ...query })).jobs.map(({ suffix }) => suffix)
    expect(await shown({ sort: 'name', order: 'asc' })).toEqual(['Exp-1', 'exp-2', 'exp-11'])
    expect(await shown({ sort: 'score', order: 'desc' })).toEqual(['exp-2', 'exp-11', 'Exp-1'])
    expect(await shown({ sort: 'score', order: 'asc' })).toEqual(['exp-11', 'exp-2', 'Exp-1'])
    expect(await shown({})).toEqual(['Exp-1', 'exp-2', 'exp-11'])
    await studio().deleteFrom('jobs').where('provider_id', '=', 'compatible').execute()
  })

  test.each([
    [{ q: 'ZIN' }, [1]],
    [{ q: 'elle' }, [4, 3]],
    [{ q: 'ftjob-2' }, [2]],
    [{ q: '3' }, [3]],
    [{ q: '%' }, [3]],
    [{ q: '%_s' }, [3]],
    [{ q: "'; drop table jobs; --" }, []],
    [{ state: 'failed,running' }, [4, 3]],
    [{ provider: 'openai' }, [2]],
    [{ model: 'limerick-base', state: 'succeeded' }, [1]],
  ])('narrowed to %j', async (query, expected) => expect(await numbers(query)).toEqual(expected))

  test('goes on behind itself, and says how many there are', async () => {
    expect(await numbers({ limit: 3 })).toEqual([4, 3, 2])
    expect(await numbers({ limit: 3, page: 2 })).toEqual([1])
    expect(await page({ limit: 3, page: 2 })).toMatchObject({ page: 2, total: 4 })
    // Behind the last page is the last page.
    expect(await page({ limit: 3, page: 9 })).toMatchObject({ jobs: [{ number: 1 }], page: 2 })
    expect(await page({ q: 'nothing', page: 9 })).toMatchObject({ jobs: [], page: 1, total: 0 })
  })

  test('tells what it can be narrowed to, over all runs', async () => {
    const { states, models, datasets, providers } = await page({ q: 'zinc' })
    expect(states).toContainEqual({ status: 'succeeded', count: 2 })
    expect(models).toEqual([
      { model: 'gpt-4o-mini-2024-07-18', count: 1 },
      { model: 'limerick-base', count: 3 },
    ])
    expect(datasets).toMatchObject([{ id: datasetId, count: 2 }])
    expect(providers).toEqual([
      { id: 'embedded', count: 3 },
      { id: 'openai', count: 1 },
    ])
  })

  test('costs nothing here, and is not known where nothing was set aside', async () => {
    const { jobs } = await page({ sort: 'created', order: 'asc' })
    expect(jobs.map(({ cost }) => cost)).toEqual([0, null, 0, 0])
    // What costs nothing is the cheapest; what is not known comes last.
    expect(await numbers({ sort: 'cost', order: 'asc' })).toEqual([4, 3, 1, 2])
    expect(await numbers({ sort: 'cost', order: 'desc' })).toEqual([4, 3, 1, 2])
  })

  test('the route says what is wrong with an address', async () => {
    const ask = (query: string) => listRoute.GET(new Request(`http://localhost/api/jobs/list?${query}`), {})
    expect((await ask('sort=loss&order=asc')).status).toBe(200)
    expect((await ask('sort=colour')).status).toBe(400)
    expect((await ask('page=0')).status).toBe(400)
    expect((await ask('limit=1000')).status).toBe(400)
  })
})

describe('runs side by side', () => {
  const ask = (query: string) =>
    compareRoute.GET(new Request(`http://localhost/api/jobs/compare?${query}`), {})
  const id = (n: number) => `run_${String(n).padStart(24, '0')}`

  test('stand in the order asked for, with what differs marked', async () => {
    const answer = await ask(`runs=${id(2)},${id(1)},${id(2)}`)
    expect(answer.status).toBe(200)
    const { runs, settings, data } = await answer.json()
    expect(runs.map(({ number }: { number: number }) => number)).toEqual([2, 1])
    const setting = (name: string) => settings.find((one: { name: string }) => one.name === name)
    expect(setting('model')).toEqual({
      name: 'model',
      values: ['gpt-4o-mini-2024-07-18', 'limerick-base'],
      differs: true,
    })
    expect(setting('seed').differs).toBe(false)
    expect(data).toMatchObject([{ from: id(2), to: id(1), rows: null }])
  })

  test('leave one out that is not there; where none is, or none is named, they are refused', async () => {
    expect(await (await ask(`runs=${id(1)},run_nowhere`)).json()).toMatchObject({ missing: ['run_nowhere'] })
    expect((await ask('runs=run_nowhere')).status).toBe(404)
    expect((await ask('runs=')).status).toBe(400)
    expect((await ask('')).status).toBe(400)
  })
})

test('curves leave as CSV: every point, zeros as zeros, blanks as blanks, and no formula', async () => {
  const id = await add({ suffix: 'a,"x"' })
  await keepPoints(
    [
      { job_id: id, step: 1, train_loss: 0 },
      { job_id: id, step: 2, train_loss: 0.123456789, full_valid_loss: 3 },
    ],
    studio(),
  )
  const { number } = await viewJob(id)
  const answer = await curvesRoute.GET(new Request(`http://localhost/api/jobs/curves?runs=${id}`), {})
  expect(answer.headers.get('content-type')).toContain('text/csv')
  expect((await answer.text()).split('\n')).toEqual([
    'run,step,train_loss,valid_loss,full_valid_loss,train_accuracy,valid_accuracy,full_valid_accuracy',
    `"${number} a,""x""",1,0,,,,,`,
    `"${number} a,""x""",2,0.123456789,,3,,,`,
    '',
  ])
  expect((await curvesRoute.GET(new Request('http://localhost/api/jobs/curves?runs=run_x'), {})).status).toBe(
    404,
  )
})

test('runs of one moment stand in the order of their numbers, page by page', async () => {
  const made: string[] = []
  // Ids that sort the other way round.
  for (const letter of ['z', 'm', 'a'])
    made.push(await add({ id: `run_${letter.repeat(24)}`, created_at: 9e12 }))
  const newest = made.map((_, index) => `run_${['a', 'm', 'z'][index]?.repeat(24)}`)
  expect((await page({ limit: 3 })).jobs.map(({ id }) => id)).toEqual(newest)
  const [first] = await listJobs({ limit: 1 })
  expect(first?.id).toBe(newest[0])
  const after = `${first?.createdAt}.${first?.id}`
  expect((await listJobs({ limit: 2, after })).map(({ id }) => id)).toEqual(newest.slice(1))
})
