/** Another trainer at the built-in engine: listed, estimated, launched with, and told of by its job. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { addRow } from '#lib/datasets/edit-row.ts'
import { createDataset } from '#lib/datasets/update-dataset.ts'
import { getJob } from '#lib/jobs/get.ts'
import { launchJob } from '#lib/jobs/launch.ts'
import type { JobDetail, JobDraft } from '#lib/jobs/schema.ts'
import { startSyncLoop } from '#lib/jobs/sync-loop.ts'
import type { EngineTrainers } from '#lib/providers/trainers-schema.ts'
import { GET as getEstimate } from '../../app/api/datasets/[datasetId]/estimate/route.ts'
import { GET as getTrainers } from '../../app/api/providers/trainers/route.ts'
import { callRoute } from '../support/call-route.ts'
import { elleTraining } from '../support/elle.ts'
import { fakeGpu, fakePython } from '../support/fake-python.ts'
import { jobDraft } from '../support/job-draft.ts'
import { setUpStudio } from '../support/set-up.ts'
import { setUpEngine } from '../support/set-up-engine.ts'
import { until } from '../support/until.ts'

await setUpStudio()
const folder = mkdtempSync(path.join(tmpdir(), 'limerick-python-'))
await setUpEngine({ python: fakePython(folder) })
const stop = new AbortController()
const following = startSyncLoop(stop.signal)
afterAll(async () => {
  stop.abort()
  await following
  rmSync(folder, { recursive: true })
})

let datasetId: string
beforeAll(async () => {
  const { id } = await createDataset({ name: 'elle' })
  for (const line of elleTraining().trimEnd().split('\n')) await addRow(id, { line })
  datasetId = id
})

/** After what the fake says now has been asked. */
async function trl(facts: object, env: Record<string, number> = {}) {
  fakePython(folder, { facts, env })
  await callRoute(getTrainers, { query: '?fresh=true' })
  return until('the probe', async () => {
    const { answer } = await callRoute<EngineTrainers>(getTrainers)
    const found = answer.data.find(({ name }) => name === 'trl')
    return found?.state !== 'asking' && found
  })
}

const estimated = async (query: Record<string, string>) => {
  const asked = new URLSearchParams({ providerId: 'embedded', model: 'limerick-base', ...query })
  const { answer } = await callRoute(getEstimate, { params: { datasetId }, query: `?${asked}` })
  return answer.destinations[0]
}

const launch = async (tuning: JobDraft['tuning'], more: Partial<JobDraft> = {}) => {
  const hyperparameters = { nEpochs: 1, batchSize: 2, learningRateMultiplier: 'auto' } as const
  return launchJob(jobDraft(datasetId, { tuning, hyperparameters, ...more }))
}

const ended = (id: string): Promise<JobDetail> =>
  until('the end', async () => {
    const job = await getJob(id)
    return job.finishedAt !== null && job
  })

test('the list says what there is, and what is wrong with it', async () => {
  const problems = [{ code: 'no_cuda', message: 'There is an NVIDIA GPU.', values: {} }]
  expect(await trl({ problems })).toMatchObject({
    state: 'ready',
    devices: [],
    problems,
    methods: [{ name: 'full' }, { name: 'lora' }, { name: 'qlora', missing: 'no_gpu' }],
  })
  expect(await trl({ devices: [fakeGpu(8e9)], bf16: true })).toMatchObject({
    devices: [{ name: 'NVIDIA Test', memory: 8e9, idle: true }],
  })
})

test('an estimate is that of the trainer, the method and the length that were chosen', async () => {
  await trl({ devices: [fakeGpu(8e9)], bf16: true })
  const built = await estimated({})
  const full = await estimated({ trainer: 'trl', method: 'full' })
  const lora = await estimated({ trainer: 'trl', method: 'lora' })
  expect(full.needs.freeMemory).toBe(8e9)
  expect(full.needs.memory).toBeGreaterThan(lora.needs.memory)
  expect(lora.needs.memory).toBeGreaterThan(1e9)
  expect(built.needs.freeMemory).not.toBe(8e9)
  // No job has shown how fast it is; the figure of the built-in trainer would be wrong.
  expect([lora.seconds, built.seconds]).toEqual([null, expect.any(Number)])
  const short = await estimated({ trainer: 'trl', method: 'lora', maxLength: '32' })
  expect(short.needs.memory).toBeLessThan(lora.needs.memory)
})

test('what a device cannot hold is not available', async () => {
  await trl({ devices: [fakeGpu(8e9, 1e9)], bf16: true })
  const { available, needs } = await estimated({ trainer: 'trl', method: 'lora' })
  expect(available).toMatchObject({ ok: false, reason: 'memory' })
  expect(needs.memory).toBeGreaterThan(needs.freeMemory)
})

test('a job is trained as it was asked, says what trained it, and its speed is the next estimate’s', async () => {
  await trl({}, { FAKE_STEP: 20, FAKE_MEMORY: 2e8 })
  const tuning = { trainer: 'trl', launcher: null, devices: null, method: 'lora', maxLength: 64 } as const
  const { id } = await launch(tuning)
  const job = await ended(id)
  expect(job).toMatchObject({
    status: 'succeeded',
    tuning,
    run: {
      ...{ trainer: 'trl', launcher: 'local', method: 'lora', maxLength: 64, devices: ['none'], doing: null },
      ...{ versions: { node: process.versions.node }, memory: { estimate: 1e8, measured: 2e8 } },
    },
  })
  expect(job.cuts).toMatchObject([{ file: 'training_file', context: 64, rows: 10 }])
  const { seconds, measured } = await estimated({ trainer: 'trl', method: 'lora' })
  expect([seconds, measured]).toEqual([expect.any(Number), true])
})

test('a refusal of the engine names the parameter', async () => {
  await trl({})
  await expect(
    launch({ trainer: 'trl', launcher: null, devices: null, method: 'qlora', maxLength: null }),
  ).rejects.toMatchObject({
    status: 400,
    param: 'limerick.method',
  })
})

test('the built-in trainer says no more than its name', async () => {
  const { id } = await launch(null)
  const job = await ended(id)
  expect(job).toMatchObject({ tuning: null, run: { trainer: 'onnx', devices: [], memory: null } })
})
