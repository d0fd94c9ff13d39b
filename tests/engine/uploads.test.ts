/** Files that are sent in parts, as the official SDK sends them. */
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { toFile } from 'openai'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { limericks, newFolder, startEngine, stopEngine, type TestEngine } from '#tests/support/engine.ts'

let folder: string
let engine: TestEngine

beforeAll(async () => {
  folder = await newFolder()
  engine = await startEngine(folder)
})
afterAll(() => stopEngine(engine))

const text = `${limericks(4).join('\n')}\n`
/** In the middle of a line. */
const half = text.indexOf('\n') + 10
const halves = [text.slice(0, half), text.slice(half)]

const begin = (bytes = Buffer.byteLength(text)) =>
  engine.client.uploads.create({
    bytes,
    filename: 'parts.jsonl',
    mime_type: 'application/jsonl',
    purpose: 'fine-tune',
  })

const send = async (upload: string, content: string) =>
  (await engine.client.uploads.parts.create(upload, { data: await toFile(Buffer.from(content), 'part') })).id

const sendAll = (upload: string) => Promise.all(halves.map((content) => send(upload, content)))

const held = () => readdirSync(path.join(folder, 'parts'))

test('parts become one file, in the order that the completion names, whatever order they came in', async () => {
  const upload = await begin()
  expect(upload).toMatchObject({ object: 'upload', status: 'pending', filename: 'parts.jsonl' })
  expect(upload.expires_at - upload.created_at).toBe(3600)
  const second = await send(upload.id, halves[1] ?? '')
  const first = await send(upload.id, halves[0] ?? '')
  const md5 = createHash('md5').update(text).digest('hex')
  const done = await engine.client.uploads.complete(upload.id, { part_ids: [first, second], md5 })
  expect(done).toMatchObject({
    status: 'completed',
    file: { object: 'file', bytes: Buffer.byteLength(text), purpose: 'fine-tune' },
  })
  const content = await engine.client.files.content(done.file?.id ?? '')
  expect(await content.text()).toBe(text)
  expect(held()).toEqual([])
})

test('what does not make the announced file is refused, and can be completed again', async () => {
  const upload = await begin()
  const ids = await sendAll(upload.id)
  const complete = (part_ids: string[], md5?: string) =>
    engine.client.uploads.complete(upload.id, { part_ids, md5 })
  await expect(complete(ids.slice(0, 1))).rejects.toMatchObject({
    status: 400,
    message: expect.stringContaining(`The parts hold ${half} bytes`),
  })
  await expect(complete([...ids, ...ids])).rejects.toMatchObject({ status: 400, param: 'part_ids' })
  await expect(complete(['part_none'])).rejects.toThrow('has no part part_none')
  await expect(complete(ids, '0'.repeat(32))).rejects.toMatchObject({ status: 400, param: 'md5' })
  await expect(complete(ids.toReversed())).rejects.toThrow('Expected file to have JSONL format')
  expect(await complete(ids)).toMatchObject({ status: 'completed' })
  await expect(complete(ids)).rejects.toThrow(`Upload ${upload.id} is completed`)
})

test('a cancelled upload takes nothing more and keeps nothing', async () => {
  const upload = await begin()
  await send(upload.id, 'x')
  expect(await engine.client.uploads.cancel(upload.id)).toMatchObject({ status: 'cancelled' })
  await expect(send(upload.id, 'y')).rejects.toMatchObject({ status: 400 })
  expect(held()).toEqual([])
})

test('what cannot become a file is refused at once', async () => {
  await expect(begin(0)).rejects.toMatchObject({ status: 400, param: 'bytes' })
  await expect(begin(2 ** 30)).rejects.toMatchObject({ status: 400, param: 'bytes' })
  await expect(send('upload_none', 'x')).rejects.toMatchObject({ status: 404 })
})

test('parts outlive a restart; those of an expired upload do not', async () => {
  const [kept, late] = [await begin(), await begin()]
  const ids = await sendAll(kept.id)
  await send(late.id, 'x')
  engine.process.kill('SIGKILL')
  await once(engine.process, 'exit')
  const db = new DatabaseSync(path.join(folder, 'engine.db'))
  db.prepare('update uploads set expires_at = 1 where id = ?').run(late.id)
  db.close()
  engine = await startEngine(folder)
  expect(held().toSorted()).toEqual(ids.toSorted())
  await expect(send(late.id, 'y')).rejects.toThrow(`Upload ${late.id} is expired`)
  expect(await engine.client.uploads.complete(kept.id, { part_ids: ids })).toMatchObject({
    status: 'completed',
  })
})
