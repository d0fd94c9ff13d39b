import { readdirSync } from 'node:fs'
import path from 'node:path'
import type { APIError } from 'openai'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { elle, ended, startEngine, type TestEngine, until, upload } from '#tests/support/engine.ts'
import { hasSmallDisks, type SmallDisk, smallDisk } from '#tests/support/small-disk.ts'

const MB = 1024 * 1024
/** Weights of the shipped base, and the optimizer's two for each. */
const CHECKPOINT = 3 * 4 * 5_180_672

describe.skipIf(!hasSmallDisks())('an engine whose disk is full (needs Linux with user namespaces)', () => {
  let disk: SmallDisk
  let engine: TestEngine
  let training_file: string

  beforeAll(async () => {
    disk = await smallDisk(2 * CHECKPOINT + 24 * MB)
    engine = await startEngine(disk.folder, null, { through: disk.through })
    training_file = await upload(engine.client, elle.slice(0, 10))
  })
  afterAll(async () => {
    await engine?.kill()
    await disk?.close()
  })

  const create = (n_epochs: number) =>
    engine.client.fineTuning.jobs.create({
      model: 'limerick-base',
      training_file,
      hyperparameters: { n_epochs, batch_size: 10 },
    })
  const files = (folder: string) => readdirSync(path.join(disk.outside, folder))

  test('refuses a training whose checkpoints would not fit, and keeps nothing of it', async () => {
    const refusal = (await create(2).catch((thrown: unknown) => thrown)) as APIError
    expect([refusal.status, refusal.code]).toEqual([507, 'disk_full'])
    expect(refusal.message).toMatch(/This needs [\d,]+ MB/)
    expect(files('jobs')).toEqual([])
    expect((await engine.client.fineTuning.jobs.list()).data).toEqual([])
  })

  test('ends a training for whose checkpoint no room is left any more, in the same words', async () => {
    const { id } = await create(1)
    disk.fill(20 * MB)
    expect(await ended(engine.client, id)).toMatchObject({
      status: 'failed',
      error: { code: 'disk_full', message: expect.stringMatching(/Free some space|The disk is full/) },
    })
    await until('the tidying', async () => files(`jobs/${id}`).length === 0)
    expect(files('tmp')).toEqual([])
  })

  test('refuses an upload, and works again when there is space', async () => {
    disk.fill()
    const refusal = (await upload(engine.client, elle).catch((thrown: unknown) => thrown)) as APIError
    expect([refusal.status, refusal.code]).toEqual([507, 'disk_full'])
    expect([files('tmp'), files('files').length]).toEqual([[], 1])
    disk.empty()
    const { id } = await create(1)
    expect(await ended(engine.client, id)).toMatchObject({ status: 'succeeded' })
  })
})
