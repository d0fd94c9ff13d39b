import { globSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { answerOf } from '#lib/http/answer.ts'
import { DeletedDataset } from '#lib/storage/schema.ts'
import { newFolder, startEngine, stopEngine, type TestEngine } from '../support/engine.ts'

const folder = mkdtempSync(path.join(tmpdir(), 'limerick-purge-'))
process.env.LIMERICK_DATA = folder

const { openDatabase } = await import('#lib/db/open.ts')
const { setStudioDatabase: serveStudio, studio } = await import('#lib/db/studio.ts')
const { setEngineAddress } = await import('#lib/providers/registry.ts')
const { importDataset } = await import('#lib/datasets/import.ts')
const { updateDataset } = await import('#lib/datasets/update-dataset.ts')
const { exportDataset } = await import('#lib/datasets/export.ts')
const { addRow } = await import('#lib/datasets/edit-row.ts')
const { sweep } = await import('#lib/datasets/sweep-store.ts')
const { ensureSamples, loadSample } = await import('#lib/datasets/samples.ts')
const { uploadDataset } = await import('#lib/datasets/upload.ts')
const { makeVersion } = await import('#lib/datasets/versions.ts')
const { listDatasets } = await import('#lib/datasets/view.ts')
const { insertEval } = await import('#lib/evals/store.ts')
const { insertJob } = await import('#lib/jobs/store.ts')
const { deleteForGood, listDeleted } = await import('#lib/storage/trash.ts')

let engine: TestEngine

beforeAll(async () => {
  serveStudio(await openDatabase(path.join(folder, 'studio.db'), path.resolve('lib/db/migrations')))
  engine = await startEngine(await newFolder())
  setEngineAddress({ baseURL: engine.baseURL, key: engine.key })
})
afterAll(async () => {
  setEngineAddress(null)
  await stopEngine(engine)
  await studio().destroy()
  rmSync(folder, { recursive: true, force: true })
})

const line = (text: string) =>
  `{"messages": [{"role": "user", "content": "${text}"}, {"role": "assistant", "content": "yes"}]}\n`

async function dataset(...texts: string[]): Promise<string> {
  const source = (async function* () {
    yield Buffer.from(texts.map(line).join(''))
  })()
  return (await importDataset({ name: 'a.jsonl', source, length: null, split: 'train' })).id
}

/** Files of the data folder and of the engine's that hold a text. */
const holding = (text: string): string[] =>
  [folder, engine.folder].flatMap((root) =>
    globSync('**/*', { cwd: root }).filter((name) => {
      const file = path.join(root, name)
      return statSync(file).isFile() && readFileSync(file).includes(text)
    }),
  )

/** An evaluation of one row, with an answer of its own or that of another one. */
async function evaluation(
  id: string,
  datasetId: string,
  text: string,
  answer = `answer_${id}`,
): Promise<void> {
  const record = {
    ...{ id, dataset_id: datasetId, version_id: null, revision: 1, split: 'train', job_id: null, sweep: 0 },
    ...{ request_hash: '', request_json: '{}', columns_json: '[]', shots_json: '[]', state: 'done' },
    ...{ pauses_json: '[]', error_json: null, confirmed: null, created_at: 1, finished_at: 2 },
    ...{ error_json: null },
  }
  const row = { eval_id: id, place: 0, key: 'k', question: text, messages_json: text, expected: text }
  const cell = { eval_id: id, place: 0, column_index: 0, hash: 'h', state: 'answered', answer_id: answer }
  await insertEval(record, [{ ...row, excluded: null }], [{ ...cell, from_cache: 0, grades_json: null }])
  if (answer !== `answer_${id}`) return
  await studio()
    .insertInto('eval_answers')
    .values({
      ...{ id: answer, hash: 'h', eval_id: id, provider_id: 'embedded', model: 'm', state: 'answered', text },
      asked_at: 1,
    })
    .execute()
}

const answers = async () =>
  (await studio().selectFrom('eval_answers').select('id').execute()).map(({ id }) => id)

async function job(id: string, datasetId: string, finishedAt: number | null): Promise<void> {
  await insertJob({
    ...{ id, provider_id: 'embedded', launch: 'known', request_hash: '', request_json: '{}', model: 'm' },
    ...{ dataset_id: datasetId, status: 'running', question: 'QuestionOfTheJob', finished_at: finishedAt },
    ...{ created_at: 1, updated_at: 1 },
  })
}

describe('a dataset that is deleted for good', () => {
  test('leaves the disk and the database, and nothing else does', async () => {
    const kept = await dataset('StaysHere one')
    const id = await dataset('GoesAway one', 'GoesAway two')
    const twin = await dataset('GoesAway one', 'GoesAway two')
    await addRow(id, { line: line('GoesAway three').trim() })
    await makeVersion(id)
    await uploadDataset(id, 'train', 'embedded')
    await evaluation('one', id, 'GoesAway')
    await evaluation('again', id, 'GoesAway', 'answer_one')
    await evaluation('other', kept, 'StaysHere')
    await job('run_1', id, 5)
    await updateDataset(twin, { deleted: true })
    await deleteForGood(twin)
    expect(holding('GoesAway two')).toContainEqual(expect.stringMatching(/^blobs\//))

    await updateDataset(id, { deleted: true })
    expect(answerOf(z.array(DeletedDataset), await listDeleted()).map((one) => one.id)).toEqual([id])
    expect(await deleteForGood(id)).toEqual([])
    expect(holding('GoesAway')).toEqual([])
    expect(holding('QuestionOfTheJob')).toEqual([])
    for (const table of ['dataset_rows', 'dataset_steps', 'dataset_versions', 'uploads', 'evals'] as const) {
      const left = await studio().selectFrom(table).select('dataset_id').execute()
      expect(left.filter((row) => row.dataset_id === id)).toEqual([])
    }
    expect(await answers()).toEqual(['answer_other'])
    expect((await engine.client.files.list()).data).toEqual([])
    expect((await listDatasets()).map((one) => one.id)).toEqual([kept])
    await exportDataset(kept)
    await expect(updateDataset(id, { deleted: false })).rejects.toMatchObject({ code: 'not_found' })
  })

  test('has to be deleted before, and used by nothing that is under way', async () => {
    const id = await dataset('in use')
    await expect(deleteForGood(id)).rejects.toMatchObject({ code: 'not_found' })
    await job('run_2', id, null)
    await updateDataset(id, { deleted: true })
    await expect(deleteForGood(id)).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringMatching(/^Job \d+ still/),
    })
    await studio().updateTable('jobs').set({ finished_at: 3 }).execute()
    await evaluation('busy', id, 'in use')
    await studio().updateTable('evals').set({ state: 'paused' }).where('id', '=', 'busy').execute()
    await expect(deleteForGood(id)).rejects.toMatchObject({ code: 'conflict' })
    expect(await updateDataset(id, { deleted: false })).toMatchObject({ id })
    expect((await exportDataset(id)).filename).toBe('a.jsonl')
  })

  test('interrupted in the middle, goes with the next start', async () => {
    const id = await dataset('HalfGone one', 'HalfGone two')
    await updateDataset(id, { deleted: true })
    await studio().updateTable('datasets').set({ revision: 0 }).where('id', '=', id).execute()
    await studio().deleteFrom('dataset_rows').where('dataset_id', '=', id).where('position', '=', 1).execute()
    const before = readdirSync(path.join(folder, 'blobs')).length
    await sweep()
    expect(await studio().selectFrom('datasets').select('id').where('id', '=', id).execute()).toEqual([])
    expect(readdirSync(path.join(folder, 'blobs'))).toHaveLength(before - 1)
  })

  test('as a sample, is not made again by a start, but by its button', async () => {
    const elle = await loadSample()
    await updateDataset(elle.id, { deleted: true })
    await deleteForGood(elle.id)
    await ensureSamples()
    expect((await listDatasets()).map(({ sample }) => sample)).not.toContain('elle')
    expect(await listDeleted()).toEqual([])
    const again = await loadSample()
    expect(again.train.examples).toBe(elle.train.examples)
  })
})
