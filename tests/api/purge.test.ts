import { globSync, readdirSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { addRow } from '#lib/datasets/edit-row.ts'
import { exportDataset } from '#lib/datasets/export.ts'
import { importDataset } from '#lib/datasets/import.ts'
import { ensureSamples, loadSample } from '#lib/datasets/samples.ts'
import { sweep } from '#lib/datasets/sweep-store.ts'
import { updateDataset } from '#lib/datasets/update-dataset.ts'
import { uploadDataset } from '#lib/datasets/upload.ts'
import { makeVersion } from '#lib/datasets/versions.ts'
import { listDatasets } from '#lib/datasets/view.ts'
import { studio } from '#lib/db/studio.ts'
import { insertEval } from '#lib/evals/store.ts'
import { answerOf } from '#lib/http/answer.ts'
import { insertJob } from '#lib/jobs/store.ts'
import { DeletedDataset } from '#lib/storage/schema.ts'
import { deleteForGood, listDeleted } from '#lib/storage/trash.ts'
import { incoming, rowLine } from '../support/dataset-files.ts'
import { setUpStudio } from '../support/set-up.ts'
import { setUpEngine } from '../support/set-up-engine.ts'

const folder = await setUpStudio()
const engine = await setUpEngine()

const dataset = async (...texts: string[]): Promise<string> =>
  (await importDataset(incoming(texts.map((text) => rowLine(text, 'yes')).join(''), { name: 'a.jsonl' }))).id

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
    await addRow(id, { line: rowLine('GoesAway three', 'yes').trim() })
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
