import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { Library, ModelSource } from '#lib/models/library-schema.ts'
import { StudioModels } from '#lib/models/schema.ts'
import * as oneAlias from '../../app/api/models/aliases/[name]/route.ts'
import * as aliases from '../../app/api/models/aliases/route.ts'
import * as check from '../../app/api/models/library/check/route.ts'
import * as download from '../../app/api/models/library/downloads/[id]/route.ts'
import * as added from '../../app/api/models/library/models/[name]/route.ts'
import * as library from '../../app/api/models/library/route.ts'
import * as table from '../../app/api/models/table/route.ts'
import { callRoute, type Sent } from '../support/call-route.ts'
import { startHub } from '../support/hub.ts'
import { setUpStudio } from '../support/set-up.ts'
import { setUpEngineHere } from '../support/set-up-engine-here.ts'
import { until } from '../support/until.ts'

const shipped = fileURLToPath(new URL('../../lib/engine/base', import.meta.url))
const REPO = 'owner/Little-Instruct'
const NAME = 'Little-Instruct'
const WEIGHTS = 'model.safetensors'

const folder = await setUpStudio()
const hub = await startHub({ [REPO]: { folder: shipped } })
afterAll(() => hub.close())
await setUpEngineHere(folder, null, { endpoint: hub.endpoint, token: null })

const read = async () => Library.parse((await callRoute(library.GET)).answer)
const send = (body: unknown) => callRoute(library.POST, { body })
const change = (id: string, body: unknown) => callRoute(download.POST, { body, params: { id } })
const cancel = (id: string) => callRoute(download.DELETE, { method: 'DELETE', params: { id } })
const remove = (name: string) => callRoute(added.DELETE, { method: 'DELETE', params: { name } })
const arrived = () => until('the model', async () => (await read()).added.some(({ name }) => name === NAME))
const inTable = async () => StudioModels.parse((await callRoute(table.GET)).answer).models
const listed = async () => (await inTable()).map(({ id }) => id)

test('a model is looked up, by the address of its page too, downloaded, aliased and removed', async () => {
  const found = await callRoute(check.POST, { body: { repo: `${hub.endpoint}/${REPO}/` } })
  expect(ModelSource.parse(found.answer)).toMatchObject({ name: NAME, licence: 'apache-2.0', problem: null })
  const begun = Library.parse((await send({ repo: REPO })).answer)
  expect(begun.downloads).toMatchObject([{ name: NAME, state: 'downloading' }])
  await arrived()
  expect(await listed()).toEqual(['limerick-base', NAME])
  // Of the shipped model no date is told: its file has that of the installation.
  expect((await inTable()).map(({ createdAt }) => createdAt)).toEqual([null, expect.any(Number)])

  const alias = { name: 'mine', providerId: 'embedded', model: NAME }
  expect((await callRoute(aliases.POST, { body: alias })).status).toBe(200)
  const refused = await remove(NAME)
  expect([refused.status, refused.answer.error.key]).toEqual([409, 'models.aliased'])
  await callRoute(aliases.POST, { body: { ...alias, model: 'limerick-base' } })
  expect(Library.parse((await remove(NAME)).answer).added).toEqual([])
  expect(await listed()).toEqual(['limerick-base'])
})

test('a download is paused, goes on, fails in words, and is cancelled', async () => {
  hub.faults.set(WEIGHTS, { kind: 'silent', after: 1_000_000 })
  const [{ id = '' } = {}] = Library.parse((await send({ repo: REPO })).answer).downloads
  await until('the first bytes', async () => ((await read()).downloads[0]?.done ?? 0) > 1_000_000)
  expect(Library.parse((await change(id, { change: 'pause' })).answer).downloads).toMatchObject([
    { id, state: 'paused', rate: null },
  ])
  hub.faults.set(WEIGHTS, { kind: 'damaged' })
  await change(id, { change: 'resume' })
  const failed = await until('the failure', async () =>
    (await read()).downloads.find(({ state }) => state === 'failed'),
  )
  expect(failed.error).toEqual({ code: 'hub_checksum', message: expect.stringContaining('try again') })
  expect(Library.parse((await cancel(id)).answer).downloads).toEqual([])
  hub.faults.clear()
})

test('a model and an alias do not share a name, in any case', async () => {
  const point = (name: string) =>
    callRoute(aliases.POST, { body: { name, providerId: 'embedded', model: 'limerick-base' } })
  const alias = NAME.toLowerCase()
  expect((await point(alias)).status).toBe(200)
  const refused = await send({ repo: REPO })
  expect([refused.status, refused.answer.error.key]).toEqual([409, 'models.aliasNamed'])
  await callRoute(oneAlias.DELETE, { method: 'DELETE', params: { name: alias } })

  hub.faults.set(WEIGHTS, { kind: 'silent', after: 1_000_000 })
  const [{ id = '' } = {}] = Library.parse((await send({ repo: REPO })).answer).downloads
  const early = await point(alias)
  expect([early.status, early.answer.error.key]).toEqual([409, 'models.modelNamed'])
  hub.faults.clear()
  await change(id, { change: 'pause' })
  await change(id, { change: 'resume' })
  await arrived()
  const late = await point(alias)
  expect([late.status, late.answer.error.key]).toEqual([409, 'models.modelNamed'])
  await remove(NAME)
})

test('a folder is added where it is', async () => {
  const { answer } = await send({ folder: shipped })
  expect(Library.parse(answer).added).toMatchObject([{ name: 'base', kind: 'folder', source: shipped }])
  expect(await listed()).toEqual(['limerick-base', 'base'])
  await remove('base')
})

const refusals: [string, Sent['body'], number, RegExp][] = [
  ['a name without an owner', { repo: 'gpt2' }, 400, /owner\/name/],
  ['a model that is not there', { repo: 'owner/nothing' }, 404, /has no model owner\/nothing/],
  ['a path that is not whole', { folder: 'models/mine' }, 400, /whole path/],
  ['a folder that is not there', { folder: path.join(folder, 'nowhere') }, 400, /There is no folder/],
  ['a folder without a model', { folder }, 400, /lacks config\.json/],
  ['nothing', {}, 400, /missing/],
]
test.each(refusals)('is refused with words: %s', async (_, body, status, words) => {
  const { answer, status: own } = await send(body)
  // What the engine refuses is a provider's refusal to the studio, which tells its status.
  expect(answer.error.facts?.status ?? own).toBe(status)
  expect(answer.error.message).toMatch(words)
})

test('what is not there is neither changed, cancelled nor removed', async () => {
  for (const { answer } of [
    await change('download_none', { change: 'resume' }),
    await cancel('download_none'),
    await remove('nothing'),
  ])
    expect(answer.error.facts).toMatchObject({ status: 404 })
})
