import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { addRow, updateRow } from '#lib/datasets/edit-row.ts'
import { estimate } from '#lib/datasets/estimate.ts'
import { loadSample } from '#lib/datasets/samples.ts'
import { createDataset } from '#lib/datasets/update-dataset.ts'
import { listVersions, makeVersion } from '#lib/datasets/versions.ts'
import { getDatasetSummary, getRows, getVersionSummary } from '#lib/datasets/view.ts'
import { getJob } from '#lib/jobs/get.ts'
import { launchJob } from '#lib/jobs/launch.ts'
import type { Job, JobDraft } from '#lib/jobs/schema.ts'
import { launchSweep } from '#lib/jobs/sweep.ts'
import * as jobsRoute from '../../app/api/jobs/route.ts'
import { jobOf } from '../support/engine.ts'
import { jobDraft } from '../support/job-draft.ts'
import { setUpStudio } from '../support/set-up.ts'
import { setUpEngine } from '../support/set-up-engine.ts'

await setUpStudio()
const engine = await setUpEngine()
const { id: datasetId } = await loadSample()

const draft = (more: Partial<JobDraft> = {}): JobDraft =>
  jobDraft(datasetId, {
    validation: { datasetId, split: 'heldout' },
    seed: 1,
    hyperparameters: { nEpochs: 1, batchSize: 10, learningRateMultiplier: 'auto' },
    ...more,
  })

const remote = async ({ remoteId }: Job) => jobOf(engine.client, remoteId ?? '')

const sent = async (fileId: string): Promise<string> => (await engine.client.files.content(fileId)).text()

/** The hash of a version by its definition: the split and the text of every row, in order. */
async function hashOfRows(): Promise<string> {
  const { rows } = await getRows(datasetId)
  return createHash('sha256')
    .update(rows.map(({ split, text }) => `${split}\n${text}\n`).join(''))
    .digest('hex')
}

const exchange = (question: string): string =>
  JSON.stringify({
    messages: [
      { role: 'user', content: question },
      { role: 'assistant', content: 'An answer to it.' },
    ],
  })

const rewrite = async (words: string): Promise<void> => {
  const [row] = (await getRows(datasetId)).rows
  if (!row?.text) throw new Error('The sample has no rows.')
  const line = row.text.replace(/Tell me about \w+/, `Tell me about ${words}`)
  await updateRow(datasetId, row.id, { revision: row.revision, line })
}

describe('a run and its rows', () => {
  test('a run that was refused holds no split', async () => {
    await expect(launchJob(draft({ model: 'no-such-model' }))).rejects.toThrow(/no-such-model/)
    expect(await getDatasetSummary(datasetId)).toMatchObject({ splitLocked: false })
  })

  test('a launch freezes the rows as a version, which the provider’s job names by number and hash', async () => {
    const sha256 = await hashOfRows()
    const job = await launchJob(draft())
    const [version] = await listVersions(datasetId)
    expect(version).toMatchObject({ number: 1, sha256, current: true })
    expect(job.datasetVersion).toEqual({ id: version?.id, number: 1, name: null })
    const { metadata } = await remote(job)
    expect(metadata).toMatchObject({
      studio_intent: job.id,
      dataset_sha256: sha256,
      dataset_version: '1',
      dataset_revision: String(version?.revision),
    })
    expect(Object.keys(metadata ?? {}).length).toBeLessThanOrEqual(16)
    expect(await getDatasetSummary(datasetId)).toMatchObject({ splitLocked: true, dirty: false })
  })

  test('rows that are edited while a run is on are not the ones it was given', async () => {
    const first = await launchJob(draft({ suffix: 'before' }))
    await rewrite('Unobtainium')
    const second = await launchJob(draft({ suffix: 'after' }))
    const [a, b] = await Promise.all([remote(first), remote(second)])
    expect(await sent(a.training_file)).not.toContain('Unobtainium')
    expect(await sent(b.training_file)).toContain('Unobtainium')
    // What was held out did not change: the same bytes are sent once.
    expect(b.validation_file).toBe(a.validation_file)
    expect([first, second].map(({ datasetVersion }) => datasetVersion?.number)).toEqual([1, 2])
    expect((await getJob(first.id)).datasetVersion?.number).toBe(1)
  })

  test('the same draft again is the same run, however the rows have changed since', async () => {
    const same = draft({ suffix: 'same' })
    const first = await launchJob(same)
    await rewrite('Nothingium')
    expect(await launchJob(same)).toMatchObject({ id: first.id, datasetVersion: first.datasetVersion })
    expect(await listVersions(datasetId)).toHaveLength(2)
  })

  test('an earlier version is trained on again: its bytes, its name, its estimate', async () => {
    const [newest, first] = await listVersions(datasetId)
    if (!newest || !first) throw new Error('The tests before have made two versions.')
    const version = first.id
    const again = await launchJob(draft({ suffix: 'again', version }))
    expect(again.datasetVersion).toMatchObject({ id: first.id, number: 1 })
    const { training_file, metadata } = await remote(again)
    expect(await sent(training_file)).not.toMatch(/Unobtainium|Nothingium/)
    expect(metadata).toMatchObject({ dataset_version: '1', dataset_sha256: first.sha256 })
    expect(await listVersions(datasetId)).toHaveLength(2)
    expect(await getVersionSummary(datasetId, version)).toMatchObject({
      ...{ revision: first.revision, dirty: false, version: { number: 1 } },
      train: { examples: first.trainRows },
    })
    const query = { providerId: 'embedded', model: 'limerick-base', version } as const
    expect(await estimate(datasetId, query)).toMatchObject({ revision: first.revision })
    // Held-out rows of the same dataset are those of the version; the current rows stay what they are.
    expect(await getDatasetSummary(datasetId)).toMatchObject({ dirty: true, version: { number: 2 } })
  })

  test('several values are a job each, and the same jobs when they are sent again', async () => {
    const sweep = { draft: draft({ suffix: 'many' }), epochs: [1, 2], rates: [0.5, 1] }
    const jobs = await launchSweep(sweep)
    expect(jobs.map(({ suffix }) => suffix)).toEqual([
      ...['many-e1-r0-5', 'many-e1-r1', 'many-e2-r0-5', 'many-e2-r1'],
    ])
    expect((await launchSweep(sweep)).map(({ id }) => id)).toEqual(jobs.map(({ id }) => id))
    const { method } = await remote(jobs[2] as Job)
    expect(method?.supervised?.hyperparameters).toMatchObject({ n_epochs: 2, learning_rate_multiplier: 0.5 })
    for (const { id } of jobs) await engine.client.fineTuning.jobs.cancel((await getJob(id)).remoteId ?? '')

    const refused = (more: object) => launchSweep({ ...sweep, draft: draft(more) })
    await expect(refused({ providerId: 'openai' })).rejects.toMatchObject({
      words: { key: 'jobs.sweepElsewhere' },
    })
    await expect(launchSweep({ ...sweep, epochs: [0] })).rejects.toMatchObject({
      words: { key: 'jobs.sweepValues' },
    })
    const many = { ...sweep, epochs: [1, 2, 3, 4], rates: [1, 2, 3] }
    await expect(launchSweep(many)).rejects.toMatchObject({ words: { key: 'jobs.sweepTooLarge' } })
  })

  test('a version of another dataset is none of this one', async () => {
    const version = 'ver_unknown'
    await expect(launchJob(draft({ version }))).rejects.toMatchObject({ code: 'not_found' })
  })

  test('a row no longer changes sides', async () => {
    const [row] = (await getRows(datasetId)).rows
    const move = updateRow(datasetId, row?.id ?? '', { revision: row?.revision ?? 0, split: 'heldout' })
    await expect(move).rejects.toMatchObject({ code: 'conflict', param: 'split' })
  })

  test('the list of runs can be asked for one dataset', async () => {
    const of = async (id: string) => {
      const response = await jobsRoute.GET(new Request(`http://localhost/api/jobs?dataset=${id}`), {})
      return (await response.json()) as Job[]
    }
    expect((await of(datasetId)).map(({ datasetVersion }) => datasetVersion?.number)).toEqual([
      3, 3, 3, 3, 1, 2, 2, 1, 1,
    ])
    expect(await of('data_other')).toEqual([])
  })

  test('a version whose rows are held out by now trains nothing', async () => {
    const moved = await createDataset({ name: 'moved' })
    for (let n = 0; n < 11; n++) await addRow(moved.id, { line: exchange(`Question ${n}`) })
    const { id: version } = await makeVersion(moved.id)
    const [row] = (await getRows(moved.id)).rows
    await updateRow(moved.id, row?.id ?? '', { revision: row?.revision ?? 0, split: 'heldout' })
    const training = { datasetId: moved.id, split: 'train' as const }
    const launch = launchJob(draft({ training, validation: null, version }))
    await expect(launch).rejects.toMatchObject({ words: { key: 'jobs.sidesChangedSince' } })
  })

  test('pairs of answers are frozen too, and the engine is asked to train them as pairs', async () => {
    const pairs = await createDataset({ name: 'pairs' })
    const answer = (content: string) => [{ role: 'assistant', content }]
    const line = JSON.stringify({
      input: { messages: [{ role: 'user', content: 'Tell me about Gold' }] },
      preferred_output: answer('Gold, which is dear'),
      non_preferred_output: answer('It is a metal'),
    })
    for (let n = 0; n < 10; n++) await addRow(pairs.id, { line })
    const training = { datasetId: pairs.id, split: 'train' as const }
    const job = await launchJob(draft({ training, validation: null }))
    const [version] = await listVersions(pairs.id)
    expect(job.datasetVersion).toEqual({ id: version?.id, number: 1, name: null })
    const { method, training_file } = await remote(job)
    expect(method?.type).toBe('dpo')
    expect((await sent(training_file)).split('\n')[0]).toBe(line)
  })
})
