import { beforeAll, describe, expect, it } from 'vitest'
import { importDataset } from '#lib/datasets/import.ts'
import { makeVersion } from '#lib/datasets/versions.ts'
import { studio } from '#lib/db/studio.ts'
import * as preview from '../../app/api/datasets/[datasetId]/changes/preview/route.ts'
import * as changes from '../../app/api/datasets/[datasetId]/changes/route.ts'
import * as copy from '../../app/api/datasets/[datasetId]/copy/route.ts'
import * as diff from '../../app/api/datasets/[datasetId]/diff/route.ts'
import * as estimate from '../../app/api/datasets/[datasetId]/estimate/route.ts'
import * as exporting from '../../app/api/datasets/[datasetId]/export/route.ts'
import * as appending from '../../app/api/datasets/[datasetId]/import/route.ts'
import * as restore from '../../app/api/datasets/[datasetId]/restore/route.ts'
import * as one from '../../app/api/datasets/[datasetId]/route.ts'
import * as row from '../../app/api/datasets/[datasetId]/rows/[rowId]/route.ts'
import * as rows from '../../app/api/datasets/[datasetId]/rows/route.ts'
import * as undo from '../../app/api/datasets/[datasetId]/undo/route.ts'
import * as versions from '../../app/api/datasets/[datasetId]/versions/route.ts'
import * as importing from '../../app/api/datasets/import/route.ts'
import * as previewing from '../../app/api/datasets/preview/route.ts'
import { callRoute, type Handler, type Sent } from '../support/call-route.ts'
import { incoming, rowLine } from '../support/dataset-files.ts'
import { setUpStudio } from '../support/set-up.ts'

await setUpStudio()

const line = (n: number) => rowLine(`q${n}`, 'a')

let [id, other, version, otherVersion] = ['', '', '', '']

beforeAll(async () => {
  id = (await importDataset(incoming(Array.from({ length: 12 }, (_, n) => line(n)).join('')))).id
  other = (await importDataset(incoming(line(1)))).id
  version = (await makeVersion(id)).id
  otherVersion = (await makeVersion(other)).id
})

const call = (handler: unknown, { params, ...sent }: Sent = {}) =>
  callRoute(handler as Handler, { ...sent, params: { datasetId: id, ...params } })

const fix = { kind: 'fix', rules: ['bom'] }

describe('a dataset that is not there', () => {
  it.each<[string, unknown, Sent]>([
    ['a look', one.GET, {}],
    ['a change', one.PATCH, { body: { name: 'x' } }],
    ['rows', rows.GET, {}],
    ['filtered rows', rows.GET, { query: '?q=a' }],
    ['a new row', rows.POST, { body: {} }],
    ['a written row', rows.POST, { body: { line: '{}' } }],
    ['a changed row', row.PATCH, { body: { revision: 1, line: '{}' }, params: { rowId: 'row_x' } }],
    ['a big change', changes.POST, { body: { revision: 1, change: fix } }],
    ['its preview', preview.POST, { body: { change: fix } }],
    ['an undo', undo.POST, { body: {} }],
    ['versions', versions.GET, {}],
    ['a new version', versions.POST, { body: {} }],
    ['a comparison', diff.GET, { query: '?from=draft' }],
    ['a restoring', restore.POST, { body: { versionId: 'ver_x' } }],
    ['a copy', copy.POST, { body: { from: 'ds_x' } }],
    ['an estimate', estimate.GET, {}],
    ['an export', exporting.GET, {}],
    ['more rows', appending.POST, { query: '?name=x', body: line(1) }],
  ])('is not found by %s', async (_, handler, sent) => {
    for (const datasetId of ['ds_x', '../../etc/passwd', "' or 1=1 --", '__proto__', '\u0000', '']) {
      const { status, answer } = await call(handler, { ...sent, params: { ...sent.params, datasetId } })
      expect({ datasetId, status, code: answer.error.code }).toEqual({
        datasetId,
        status: 404,
        code: 'not_found',
      })
    }
  })
})

describe('what is in another dataset, or nowhere', () => {
  it.each<[string, unknown, () => Sent]>([
    ['a version to restore', restore.POST, () => ({ body: { versionId: otherVersion } })],
    ['a version to compare from', diff.GET, () => ({ query: `?from=${otherVersion}` })],
    ['a version to compare with', diff.GET, () => ({ query: `?from=${version}&to=ver_x` })],
    ['a version to export', exporting.GET, () => ({ query: `?version=${otherVersion}` })],
    ['a row', row.PATCH, () => ({ body: { revision: 1, deleted: true }, params: { rowId: 'row_x' } })],
    ['a row to stand behind', rows.POST, () => ({ body: { line: '{}', after: 'row_x' } })],
    ['a row to copy', rows.POST, () => ({ body: { copyOf: '__proto__' } })],
    ['rows to copy', copy.POST, () => ({ body: { from: 'ds_x' } })],
  ])('%s is not found', async (_, handler, sent) => {
    expect((await call(handler, sent())).status).toBe(404)
    expect((await call(rows.GET)).answer.total).toBe(12)
  })
})

describe('a request that cannot be meant', () => {
  it.each<[string, unknown, Sent]>([
    ['rows before the first', rows.GET, { query: '?offset=-1' }],
    ['half a row', rows.GET, { query: '?offset=1.5' }],
    ['an offset beyond all numbers', rows.GET, { query: '?offset=1e300' }],
    ['no rows at all', rows.GET, { query: '?limit=0' }],
    ['all rows in one go', rows.GET, { query: '?limit=501' }],
    ['a role that nobody has', rows.GET, { query: '?role=constructor' }],
    ['a split that is none', rows.GET, { query: '?split=test' }],
    ['a search of pages', rows.GET, { query: `?q=${'x'.repeat(1_001)}` }],
    ['a plan that is no JSON', importing.POST, { query: '?name=x&plan=%7B', body: line(1) }],
    ['a plan of nothing', importing.POST, { query: '?name=x&plan=null', body: line(1) }],
    [
      'a plan with a long delimiter',
      previewing.POST,
      {
        query: `?name=x&plan=${encodeURIComponent('{"container":"csv","delimiter":"\\"","mapping":{"shape":"lines"}}')}`,
        body: 'a,b',
      },
    ],
    ['a file without a name', importing.POST, { query: '?name=', body: line(1) }],
    ['a body that is no JSON', changes.POST, { body: '{' }],
    ['a change of no kind', changes.POST, { body: { revision: 1, change: { kind: 'drop' } } }],
    ['a deal of more than half', preview.POST, { body: { change: { kind: 'deal', heldout: 0.9, seed: 1 } } }],
    ['a comparison with nothing', diff.GET, {}],
    ['an estimate of minus one epoch', estimate.GET, { query: '?epochs=-1' }],
  ])('%s is refused as invalid', async (_, handler, sent) => {
    const { status, answer } = await call(handler, sent)
    expect({ status, code: answer.error?.code }).toEqual({ status: 400, code: 'invalid' })
  })
})

describe('a request for nothing', () => {
  it.each<[string, string, number]>([
    ['an offset beyond the end', '?offset=9007199254740991', 12],
    ['the last page beyond it', '?offset=12&limit=500', 12],
    ['a rule that is none', '?rule=no-such-rule', 0],
    ['a rule by the name of a built-in', '?rule=constructor', 0],
    ['a rule by the name of a prototype', '?rule=__proto__', 0],
    ['words with signs of a pattern', `?q=${encodeURIComponent('(.*[+?^$\\')}`, 0],
    ['a filter beyond its end', '?q=q1&offset=999', 3],
  ])('%s gets an empty page', async (_, query, total) => {
    const { status, answer } = await call(rows.GET, { query })
    expect({ status, rows: answer.rows, total: answer.total }).toEqual({ status: 200, rows: [], total })
  })

  it('discards nothing by a rule that is none', async () => {
    for (const rule of ['constructor', '__proto__', 'no-such-rule']) {
      const body = { revision: 1, change: { kind: 'discard', rule } }
      expect((await call(changes.POST, { body })).answer).toMatchObject({ revision: 1, rows: 0 })
    }
  })

  it('previews an empty file, and refuses to import it', async () => {
    const shown = await call(previewing.POST, { query: '?name=x.csv', body: '' })
    expect(shown).toMatchObject({ status: 200, answer: { rows: [], complete: true } })
    const { answer } = await call(importing.POST, { query: '?name=x.csv', body: '' })
    expect(answer).toMatchObject({ type: 'failed', error: { error: { code: 'invalid' } } })
  })
})

it('a dataset that is being changed is looked at, not changed', async () => {
  await studio().updateTable('datasets').set({ importing: 2 }).where('id', '=', other).execute()
  const params = { datasetId: other }
  const system = { kind: 'system', from: null, to: 'Be brief.' }
  expect((await call(preview.POST, { params, body: { change: system } })).answer).toMatchObject({
    changed: 1,
  })
  expect((await call(one.GET, { params })).answer.dataset.busy).toBe(true)
  for (const [handler, body, query] of [
    [changes.POST, { revision: 1, change: system }, ''],
    [rows.POST, { line: '{}' }, ''],
    [copy.POST, { from: id }, ''],
    [appending.POST, line(2), '?name=x'],
  ])
    expect((await call(handler, { params, body, query: query as string })).status).toBe(409)
  await studio().updateTable('datasets').set({ importing: null }).where('id', '=', other).execute()
})
