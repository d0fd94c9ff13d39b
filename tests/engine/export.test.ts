/** Models taken away in every format, and read back. */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createDecoder, emptyCache, openDecodingSession } from '#lib/engine/model/decoder.ts'
import { readModel } from '#lib/engine/model/model-folder.ts'
import type { WireExports } from '#lib/engine/wire.ts'
import {
  elle,
  ended,
  newFolder,
  startEngine,
  stopEngine,
  type TestEngine,
  until,
  upload,
  workersOf,
} from '#tests/support/engine.ts'

let engine: TestEngine
const scratch = mkdtempSync(path.join(tmpdir(), 'limerick-export-'))

async function train(model: string, method: 'full' | 'lora'): Promise<string> {
  const training_file = await upload(engine.client, elle.slice(0, 10))
  const hyperparameters = { n_epochs: 1, batch_size: 5 }
  const body = { model, training_file, hyperparameters, limerick: { method }, suffix: 'poems', seed: 3 }
  const job = await ended(engine.client, (await engine.client.fineTuning.jobs.create(body)).id)
  expect(job.status).toBe('succeeded')
  return job.fine_tuned_model ?? ''
}

const get = (model: string, query: Record<string, string> = {}, signal?: AbortSignal) =>
  fetch(`${engine.baseURL}/models/${encodeURIComponent(model)}/export?${new URLSearchParams(query)}`, {
    headers: { authorization: `Bearer ${engine.key}` },
    signal,
  })

/** Downloads, tests and unpacks an export with the system's unzip. @returns the folder in it */
async function take(model: string, query: Record<string, string>): Promise<string> {
  const answer = await get(model, query)
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toBe('application/zip')
  const bytes = Buffer.from(await answer.arrayBuffer())
  expect(bytes.length).toBe(Number(answer.headers.get('content-length')))
  const [, filename = ''] =
    /^attachment; filename\*=UTF-8''(.+)$/.exec(answer.headers.get('content-disposition') ?? '') ?? []
  const zip = path.join(scratch, filename)
  writeFileSync(zip, bytes)
  console.log(execFileSync('python3', ['-m', 'zipfile', '-t', zip], { encoding: 'utf8' }))
  execFileSync('python3', ['-m', 'zipfile', '-e', zip, scratch])
  return zip.replace(/\.zip$/, '')
}

let tuned: string
beforeAll(async () => {
  engine = await startEngine(await newFolder())
  tuned = await train('limerick-base', 'lora')
})
afterAll(async () => {
  await stopEngine(engine)
  rmSync(scratch, { recursive: true })
})

test('try', async () => {
  console.log(tuned, JSON.stringify(await (await get(tuned)).json(), null, 1))
  console.log(JSON.stringify(await (await get('limerick-base')).json(), null, 1))
  for (const q of [{ format: 'adapter' }, { format: 'merged' }, { format: 'gguf', type: 'f16' }]) {
    const f = await take(tuned, q)
    console.log(f, readdirSync(f), readFileSync(path.join(f, 'README.md'), 'utf8'))
  }
})
