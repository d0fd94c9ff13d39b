import { beforeEach, describe, expect, test } from 'vitest'
import { studio } from '#lib/db/studio.ts'
import { listJobs, listPage, viewJob } from '#lib/jobs/list.ts'
import { JobListQuery } from '#lib/jobs/schema.ts'
import { changedSince, insertJob, lastChange } from '#lib/jobs/store.ts'
import * as cancelRoute from '../../app/api/jobs/cancel/route.ts'
import * as jobsRoute from '../../app/api/jobs/route.ts'
import { callRoute } from '../support/call-route.ts'
import { setUpStudio } from '../support/set-up.ts'

await setUpStudio()

const id = (n: number) => `run_${String(n).padStart(24, '0')}`

beforeEach(async () => {
  await studio().deleteFrom('jobs').execute()
  for (const n of [1, 2, 3]) {
    const times = { created_at: n, updated_at: n, finished_at: n }
    await insertJob({
      ...{ id: id(n), provider_id: 'embedded', remote_id: `ftjob-${n}`, launch: 'known', request_hash: '' },
      ...{ request_json: '{}', status: 'succeeded', model: 'limerick-base', suffix: `exp-${n}`, ...times },
    })
  }
})

const change = (body: object) => callRoute(jobsRoute.PATCH, { body, method: 'PATCH' })
const page = (query: object = {}) => listPage(JobListQuery.parse(query))
const numbers = async (query: object = {}) => (await page(query)).jobs.map(({ number }) => number)

describe('PATCH /api/jobs', () => {
  test('names a job and notes something about it, and takes both away again', async () => {
    const { status, answer } = await change({ ids: [id(1)], name: ' The good one ', note: 'rate 2' })
    expect(status).toBe(200)
    expect(answer).toMatchObject([{ number: 1, name: 'The good one', note: 'rate 2', suffix: 'exp-1' }])
    expect(await numbers({ q: 'good one' })).toEqual([1])
    expect(await numbers({ sort: 'name', order: 'desc' })).toEqual([1, 3, 2])
    await change({ ids: [id(1)], name: '', note: '' })
    expect(await viewJob(id(1))).toMatchObject({ name: null, note: null })
  })

  test('what is not named stays as it was, and every tab is told of the change', async () => {
    await change({ ids: [id(1)], name: 'first', added: ['keep'] })
    const before = await lastChange()
    await change({ ids: [id(1)], note: 'only this' })
    expect(await viewJob(id(1))).toMatchObject({ name: 'first', note: 'only this', tags: ['keep'] })
    expect((await changedSince(before)).map((row) => row.id)).toEqual([id(1)])
  })

  test('tags several jobs at once; the list is narrowed by them and counts them', async () => {
    await change({ ids: [id(1), id(2), id(1)], added: ['rate', 'خطة', 'rate'] })
    await change({ ids: [id(2)], removed: ['خطة', 'nobody has it'] })
    expect((await viewJob(id(1))).tags).toEqual(['rate', 'خطة'])
    expect(await numbers({ tag: 'rate' })).toEqual([2, 1])
    expect(await numbers({ tag: 'خطة,other' })).toEqual([1])
    expect(await numbers({ q: 'rat' })).toEqual([2, 1])
    expect((await page()).tags).toEqual([
      { tag: 'rate', count: 2 },
      { tag: 'خطة', count: 1 },
    ])
  })

  test('archived jobs leave the list and its counts, and have a list of their own', async () => {
    await change({ ids: [id(1)], added: ['old'] })
    await change({ ids: [id(1), id(3)], archived: true })
    expect(await numbers()).toEqual([2])
    expect(await page()).toMatchObject({
      ...{ all: 3, archived: 2, total: 1, newest: 3, tags: [] },
      states: [{ status: 'succeeded', count: 1 }],
    })
    expect(await page({ archived: 'true' })).toMatchObject({
      ...{ all: 3, archived: 2, total: 2, tags: [{ tag: 'old', count: 1 }] },
      states: [{ status: 'succeeded', count: 2 }],
    })
    expect(await numbers({ archived: 'true' })).toEqual([3, 1])
    expect((await listJobs()).map(({ number }) => number)).toEqual([2])
    expect((await listJobs({ archived: true })).map(({ number }) => number)).toEqual([3, 2, 1])
    await change({ ids: [id(3)], archived: false })
    expect(await numbers()).toEqual([3, 2])
  })

  test('changes all jobs or none', async () => {
    const { status, answer } = await change({ ids: [id(1), id(9)], name: 'x', added: ['y'] })
    expect(status).toBe(404)
    expect(answer.error.message).toBe('There is no job with this id.')
    expect(await viewJob(id(1))).toMatchObject({ name: null, tags: [] })
  })

  test.each([
    [{ ids: [] }, 'Choose jobs'],
    [{ ids: [id(1)], name: 'n'.repeat(81) }, 'A name can have at most 80 characters.'],
    [{ ids: [id(1)], note: 'n'.repeat(4_001) }, 'A note can have at most 4000 characters.'],
    [{ ids: [id(1)], added: ['a,b'] }, 'A tag cannot contain a comma'],
    [{ ids: [id(1)], added: [' '] }, 'Write a tag.'],
    [{ ids: [id(1)], added: ['t'.repeat(41)] }, 'A tag can have at most 40 characters.'],
  ])('says what is wrong with %j', async (body, words) => {
    const { status, answer } = await change(body)
    expect(status).toBe(400)
    expect(answer.error.message).toContain(words)
  })

  test('has room for twenty tags on a job', async () => {
    const tags = (from: number) => Array.from({ length: 15 }, (_, index) => `tag ${from + index}`)
    expect((await change({ ids: [id(1)], added: tags(0) })).status).toBe(200)
    const { status, answer } = await change({ ids: [id(1)], added: tags(100) })
    expect(status).toBe(400)
    expect(answer.error.message).toBe('Job 1 would have more than 20 tags. Remove some first.')
    expect((await viewJob(id(1))).tags).toHaveLength(15)
    // Making room in the same step is enough.
    expect((await change({ ids: [id(1)], added: tags(100), removed: tags(0) })).status).toBe(200)
  })
})

test('several jobs are cancelled each by itself, and the reason is told where one cannot be', async () => {
  const { status, answer } = await callRoute(cancelRoute.POST, { body: { ids: [id(1), id(9)] } })
  expect(status).toBe(200)
  expect(answer).toMatchObject({
    done: [],
    failures: [
      { id: id(1), message: 'This job has already ended: succeeded.' },
      { id: id(9), message: 'There is no job with this id.' },
    ],
  })
})
