import { beforeEach, expect, test } from 'vitest'
import { studio } from '#lib/db/studio.ts'
import { MOST_VIEWS, newViewId, type SavedView } from '#lib/views/schema.ts'
import * as one from '../../app/api/views/[viewId]/route.ts'
import * as all from '../../app/api/views/route.ts'
import { callRoute } from '../support/call-route.ts'
import { setUpStudio } from '../support/set-up.ts'

await setUpStudio()
beforeEach(() => studio().deleteFrom('saved_views').execute())

const save = (body: object) => callRoute<SavedView[]>(all.POST, { body })
const list = async () => (await callRoute<SavedView[]>(all.GET)).answer
const change = (viewId: string, body: object) =>
  callRoute(one.PATCH, { params: { viewId }, body, method: 'PATCH' })
const drop = (viewId: string) => callRoute(one.DELETE, { params: { viewId }, method: 'DELETE' })

const failed = { list: 'jobs', name: ' Failed ones ', query: 'state=failed&sort=loss&page=3' }

test('a view is kept with its name and query, from its first page on', async () => {
  const { status, answer } = await save(failed)
  expect(status).toBe(201)
  expect(answer).toEqual([
    {
      id: expect.stringMatching(/^view_/),
      list: 'jobs',
      name: 'Failed ones',
      query: 'state=failed&sort=loss',
    },
  ])
  await save({ list: 'datasets', name: 'بياناتي', query: '?q=%D8%A5%D9%8A%D9%84' })
  expect(await list()).toMatchObject([
    { list: 'datasets', name: 'بياناتي', query: 'q=%D8%A5%D9%8A%D9%84' },
    { list: 'jobs', name: 'Failed ones' },
  ])
})

test('a name stands once in a list, also after a renaming', async () => {
  await save(failed)
  expect(await save({ ...failed, query: 'q=a' })).toMatchObject({
    status: 409,
    answer: { error: { code: 'conflict', param: 'name', message: expect.stringContaining('"Failed ones"') } },
  })
  expect((await save({ ...failed, list: 'datasets' })).status).toBe(201)
  const { answer } = await save({ ...failed, name: 'Other' })
  const other = answer.find(({ name }) => name === 'Other')?.id ?? ''
  expect((await change(other, { name: 'Failed ones' })).status).toBe(409)
  expect((await change(other, { name: 'Other', query: 'sort=cost' })).status).toBe(200)
  expect((await list()).find(({ id }) => id === other)).toMatchObject({ name: 'Other', query: 'sort=cost' })
})

test('is renamed, shows something else, and is deleted', async () => {
  const [view] = (await save(failed)).answer
  const id = view?.id ?? ''
  await change(id, { name: 'Broken' })
  await change(id, { query: 'state=failed,cancelled' })
  await change(id, {})
  expect(await list()).toMatchObject([{ id, name: 'Broken', query: 'state=failed%2Ccancelled' }])
  expect(await drop(id)).toMatchObject({ status: 200, answer: [] })
  expect((await drop(id)).status).toBe(404)
  expect((await change(newViewId(), { name: 'x' })).status).toBe(404)
})

test.each([
  [{ list: 'models' }, 'list'],
  [{ name: '  ' }, 'name'],
  [{ name: 'a'.repeat(81) }, 'name'],
  [{ query: 'a'.repeat(40_001) }, 'query'],
])('%j is refused, and the field is named', async (part, param) => {
  expect(await save({ ...failed, ...part })).toMatchObject({ status: 400, answer: { error: { param } } })
  expect(await list()).toEqual([])
})

test('there are at most a hundred', async () => {
  const views = Array.from({ length: MOST_VIEWS }, (_, index) => ({
    ...{ id: newViewId(), list: 'jobs', name: `view ${index}`, query: '', created_at: index },
  }))
  await studio().insertInto('saved_views').values(views).execute()
  expect(await save(failed)).toMatchObject({ status: 400, answer: { error: { code: 'invalid' } } })
})
