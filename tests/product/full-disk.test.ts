import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import OpenAI, { type APIError } from 'openai'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newJobId } from '#lib/core/ids.ts'
import { newEvalId } from '#lib/evals/eval-id.ts'
import { newComparisonId } from '#lib/playground/comparison-id.ts'
import { elleTraining, jsonlFile } from '../support/elle.ts'
import { hasSmallDisks, type SmallDisk, smallDisk } from '../support/small-disk.ts'
import { type Studio, startStudio } from '../support/studio.ts'

const MB = 1024 * 1024

interface Row {
  id: string
  revision: number
}

interface Dataset {
  id: string
  revision: number
  sample: string | null
}

const line = (text: string) =>
  JSON.stringify({
    messages: [
      { role: 'user', content: text },
      { role: 'assistant', content: 'yes' },
    ],
  })

/** Every file of blobs and temporary folders, the engine's too: a failed write could leave some. */
const filesOf = ({ outside }: SmallDisk): string[] =>
  ['blobs', 'tmp', 'engine/files', 'engine/tmp', 'engine/jobs'].flatMap((folder) => {
    try {
      return readdirSync(path.join(outside, folder)).map((name) => `${folder}/${name}`)
    } catch {
      return []
    }
  })

describe.skipIf(!hasSmallDisks())('a full disk (needs Linux with user namespaces)', () => {
  let disk: SmallDisk
  let studio: Studio

  const start = async () => {
    const port = studio?.port
    studio = await startStudio({ port, dataFolder: disk.folder, through: disk.through })
  }
  const send = (method: string, address: string, body?: unknown) =>
    fetch(`${studio.url}${address}`, {
      method,
      headers: { 'sec-fetch-site': 'same-origin', 'content-type': 'application/json' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    })
  const read = async <Value>(address: string): Promise<Value> =>
    (await (await fetch(`${studio.url}${address}`)).json()) as Value
  const elle = async () =>
    (await read<Dataset[]>('/api/datasets')).find(({ sample }) => sample === 'elle') as Dataset

  beforeAll(async () => {
    disk = await smallDisk(64 * MB)
    await start()
  })
  afterAll(async () => {
    await studio?.stop()
    await disk?.close()
  })

  /** Every action of a user that writes. */
  async function writes(): Promise<[what: string, () => Promise<Response>][]> {
    const { id } = await elle()
    const [row] = (await read<{ rows: Row[] }>(`/api/datasets/${id}/rows`)).rows as [Row]
    const model = { providerId: 'embedded', model: 'limerick-base' }
    const change = { kind: 'deal', heldout: 0.4, seed: 3 }
    const launch = {
      ...model,
      training: { datasetId: id, split: 'train' },
      validation: null,
      suffix: '',
      seed: 1,
      hyperparameters: { nEpochs: 1, batchSize: 'auto', learningRateMultiplier: 'auto' },
    }
    const evaluation = { datasetId: id, columns: [model], graders: [{ kind: 'exact' }] }
    const sampling = { temperature: 0, topP: null, maxTokens: 8, seed: 1 }
    const comparison = { ...sampling, system: '', prompt: 'Tell me about Gold', panes: [model] }
    return [
      ['import', () => send('POST', '/api/datasets/import?name=a.jsonl', line('imported'))],
      ['import rows', () => send('POST', `/api/datasets/${id}/import?name=a.jsonl`, line('imported'))],
      ['row', () => send('POST', `/api/datasets/${id}/rows`, { line: line('added') })],
      [
        'edit',
        () =>
          send('PATCH', `/api/datasets/${id}/rows/${row.id}`, {
            revision: row.revision,
            line: line('edited'),
          }),
      ],
      ['version', () => send('POST', `/api/datasets/${id}/versions`, { name: 'kept' })],
      [
        'deal',
        async () =>
          send('POST', `/api/datasets/${id}/changes`, { revision: (await elle()).revision, change }),
      ],
      ['alias', () => send('POST', '/api/models/aliases', { ...model, name: 'prod' })],
      ['key', () => send('POST', '/api/access/keys', { name: 'mine' })],
      ['launch', () => send('POST', '/api/jobs', { ...launch, id: newJobId() })],
      ['eval', () => send('POST', '/api/evals', { ...evaluation, id: newEvalId() })],
      ['comparison', () => send('POST', '/api/playground', { ...comparison, id: newComparisonId() })],
    ]
  }

  /** What the database says, as pages read it. */
  const state = async () => ({
    datasets: await read('/api/datasets'),
    rows: await read(`/api/datasets/${(await elle()).id}/rows`),
    versions: await read(`/api/datasets/${(await elle()).id}/versions`),
    aliases: await read('/api/models/aliases'),
    keys: await read('/api/access/keys'),
    jobs: await read('/api/jobs'),
    evals: await read('/api/evals'),
    comparisons: await read('/api/playground'),
  })

  test('refuses every kind of write with the same error, and stores nothing partly', async () => {
    const all = await writes()
    const [before, files] = [await state(), filesOf(disk)]
    disk.fill()
    for (const [what, write] of all) {
      const answer = await write()
      const { error } = (await answer.json()) as { error: { code: string; message: string } }
      expect.soft([what, answer.status, error.code]).toEqual([what, 507, 'disk_full'])
      expect.soft(error.message).toMatch(/^(The disk of the data folder is full|This needs).*[Ff]ree/)
    }
    const apiKey = readFileSync(path.join(disk.outside, 'key'), 'utf8').trim()
    const sdk = new OpenAI({ baseURL: `${studio.url}/v1`, apiKey, maxRetries: 0 })
    const upload = sdk.files.create({ file: await jsonlFile(elleTraining()), purpose: 'fine-tune' })
    const refusal = (await upload.catch((thrown: unknown) => thrown)) as APIError
    expect([refusal.status, refusal.code]).toEqual([507, 'disk_full'])
    expect(await state()).toEqual(before)
    expect(filesOf(disk)).toEqual(files)
  })

  test('is shown on every page, and existing data can be read', async () => {
    expect(await read('/api/storage')).toMatchObject({ state: 'full' })
    for (const page of ['/', '/datasets', `/datasets/${(await elle()).id}`]) {
      const answer = await fetch(`${studio.url}${page}`)
      expect(answer.status).toBe(200)
      expect(await answer.text()).toContain('The disk of the data folder is full')
    }
  })

  test('lets the studio start, with a warning', async () => {
    disk.fill()
    await studio.stop()
    disk.fill()
    await start()
    expect(studio.output()).toContain('The disk of the data folder is almost full')
    expect((await fetch(studio.url)).status).toBe(200)
    const { id } = await elle()
    const exported = await (await fetch(`${studio.url}/api/datasets/${id}/export`)).text()
    expect(exported).toBe(readFileSync('public/samples/elle.jsonl', 'utf8'))
  })

  test('after space was freed everything works again', async () => {
    disk.empty()
    for (const [what, write] of await writes()) {
      if (what === 'launch') continue // its checkpoints would not fit on a disk of this size
      const answer = await write()
      expect([what, answer.status < 300 ? 'done' : await answer.text()]).toEqual([what, 'done'])
      await answer.text()
    }
    expect(readdirSync(path.join(disk.outside, 'tmp'))).toEqual([])
  })
})
