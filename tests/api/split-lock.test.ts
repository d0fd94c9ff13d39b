import { rmSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type ChaosProvider, startChaosProvider } from '../support/chaos-provider.ts'
import { draftOf, end, premises, send, startLauncher } from '../support/spend-scenarios.ts'
import { until } from '../support/until.ts'

let provider: ChaosProvider
let room: Awaited<ReturnType<typeof premises>>

beforeAll(async () => {
  provider = await startChaosProvider()
  room = await premises(provider)
})
afterAll(async () => {
  await room.db.destroy()
  await provider.close()
  rmSync(room.folder, { recursive: true, force: true })
})

/** Elle and a row more, so that its file was never sent before. */
const copyOfElle = async (): Promise<string> => {
  const { createDataset } = await import('#lib/datasets/update-dataset.ts')
  const { copyRows } = await import('#lib/datasets/copy.ts')
  const { addRow } = await import('#lib/datasets/edit-row.ts')
  const { id } = await createDataset({ name: 'copy' })
  await copyRows(id, { from: room.datasetId })
  const messages = [
    { role: 'user', content: `Tell me about ${id}` },
    { role: 'assistant', content: 'No.' },
  ]
  await addRow(id, { line: JSON.stringify({ messages }) })
  return id
}
const deal = async (datasetId: string) => {
  const { changeRows } = await import('#lib/datasets/bulk-edit.ts')
  const { findDataset } = await import('#lib/datasets/store.ts')
  const { revision } = await findDataset(datasetId)
  return changeRows(datasetId, { revision, change: { kind: 'deal', heldout: 0, seed: 3 } })
}
const heldOut = async (datasetId: string) => {
  const { getDatasetSummary } = await import('#lib/datasets/view.ts')
  const { heldout, splitLocked } = await getDatasetSummary(datasetId)
  return { heldout: heldout.examples, splitLocked }
}
const runOf = (id: string) => room.db.selectFrom('jobs').selectAll().where('id', '=', id).executeTakeFirst()
const locked = { code: 'conflict', param: 'split' }

test('rows stay on their side from the moment that a run is written down, long before it is answered', async () => {
  const { launchJob } = await import('#lib/jobs/launch.ts')
  const datasetId = await copyOfElle()
  const draft = draftOf(datasetId, 1)
  const launched = launchJob(draft)
  await until('the intent', async () => (await runOf(draft.id)) ?? null)
  await expect(deal(datasetId)).rejects.toMatchObject(locked)
  await launched
  expect(await heldOut(datasetId)).toEqual({ heldout: 30, splitLocked: true })
})

test('a run that is refused gives the split back, unless another one uses it', async () => {
  const { launchJob } = await import('#lib/jobs/launch.ts')
  const datasetId = await copyOfElle()
  const refuse = async (n: number) => {
    provider.fail({ operation: 'create', fault: 'forbidden', times: 1 })
    await expect(launchJob(draftOf(datasetId, n))).rejects.toThrow()
    provider.heal()
    return heldOut(datasetId)
  }
  expect(await refuse(2)).toMatchObject({ splitLocked: false })
  await launchJob(draftOf(datasetId, 3))
  expect(await refuse(4)).toMatchObject({ splitLocked: true })
})

test('of a deal and a launch at once, at most one happens', async () => {
  const { launchJob } = await import('#lib/jobs/launch.ts')
  for (let n = 10; n < 20; n++) {
    const datasetId = await copyOfElle()
    const [run, dealt] = await Promise.allSettled([launchJob(draftOf(datasetId, n)), deal(datasetId)])
    const { heldout, splitLocked } = await heldOut(datasetId)
    // ReadSplit before the rows were pinned: then the run knows of it, and asks for no held-out row.
    const pinned = run.status === 'fulfilled' ? run.value.datasetVersion?.id : undefined
    const version = await room.db
      .selectFrom('dataset_versions')
      .select('heldout_rows')
      .where('id', '=', pinned ?? '')
      .executeTakeFirst()
    expect(splitLocked).toBe(run.status === 'fulfilled')
    expect(heldout).toBe(dealt.status === 'fulfilled' ? 0 : 30)
    if (version) expect(heldout).toBe(version.heldout_rows)
  }
})

test.each([
  ['its intent', null],
  ['its upload', 'upload'],
  ['its creation', 'create'],
] as const)('killed at %s, a run holds its rows exactly if it may exist', async (_, moment) => {
  const datasetId = await copyOfElle()
  const draft = draftOf(datasetId, 30 + (moment?.length ?? 0))
  const studio = await startLauncher()
  if (moment) provider.fail({ operation: moment, fault: 'stall', times: 1 })
  const before = moment ? provider.calls(moment) : 0
  send(studio, draft)
  await until('the moment', async () => (moment ? provider.calls(moment) > before : await runOf(draft.id)))
  await end(studio, 'SIGKILL')
  expect(await heldOut(datasetId)).toEqual({ heldout: 30, splitLocked: true })
  provider.heal()
  const next = await startLauncher()
  const run = await until('what became of it', async () => {
    const { launch, remote_id, error_json } = (await runOf(draft.id)) ?? {}
    return remote_id || (launch === 'known' && error_json !== null) ? { remote_id } : null
  })
  await end(next)
  expect(await heldOut(datasetId)).toEqual({ heldout: 30, splitLocked: run.remote_id !== null })
  if (run.remote_id === null) await deal(datasetId)
  else await expect(deal(datasetId)).rejects.toMatchObject(locked)
})

test('a row that was held out does not come back to train on with an older version', async () => {
  const { launchJob } = await import('#lib/jobs/launch.ts')
  const { restoreVersion } = await import('#lib/datasets/restore.ts')
  const { updateRow } = await import('#lib/datasets/edit-row.ts')
  const { versionOf } = await import('#lib/datasets/versions.ts')
  const datasetId = await copyOfElle()
  const { key, since } = await room.db
    .selectFrom('dataset_rows')
    .select(['key', 'since'])
    .where('dataset_id', '=', datasetId)
    .where('split', '=', 'heldout')
    .where('until', 'is', null)
    .limit(1)
    .executeTakeFirstOrThrow()
  const trained = await updateRow(datasetId, key, { revision: since, split: 'train' })
  const { id: versionId } = await versionOf(datasetId)
  const held = await updateRow(datasetId, key, { revision: trained.revision, split: 'heldout' })
  await launchJob(draftOf(datasetId, 1))
  await updateRow(datasetId, key, { revision: held.revision, deleted: true })
  await expect(restoreVersion(datasetId, { versionId })).rejects.toMatchObject(locked)
  expect(await heldOut(datasetId)).toEqual({ heldout: 29, splitLocked: true })
})
