import { readdirSync, readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { type HubFile, hubClient } from '#lib/engine/hub/client.ts'
import { fetchFile } from '#lib/engine/hub/fetch-file.ts'
import { usualPatience } from '#lib/engine/settings.ts'
import { elle, ended, newFolder, startEngine, upload } from '#tests/support/engine.ts'
import { COMMIT } from '#tests/support/hub.ts'
import { libraryOf } from '#tests/support/library.ts'
import { NAME, REPO, setUpLibrary, WEIGHTS, weights } from '#tests/support/set-up-library.ts'
import { hasSmallDisks, smallDisk } from '#tests/support/small-disk.ts'

const { hub, engine, library, restart, models, downloads } = await setUpLibrary()

/** What is fetched of a model whose folder holds more. */
const FETCHED = ['config.json', 'generation_config.json', WEIGHTS, 'tokenizer.json', 'tokenizer_config.json']

const rangesOf = (name: string) =>
  hub.requests.flatMap(({ path, range, host }) => (host === 'cdn' && path.includes(name) ? [range] : []))
const modelFiles = () => readdirSync(path.join(engine().folder, 'models', NAME)).sort()

describe('a model of a hub', () => {
  test('is described before it is downloaded', async () => {
    const { status, answer } = await library().check({ repo: REPO })
    expect(status).toBe(200)
    expect(answer).toMatchObject({
      ...{ name: NAME, kind: 'hub', source: REPO, commit: COMMIT, licence: 'apache-2.0', gated: false },
      ...{ page: `${hub.endpoint}/${REPO}`, problem: null },
      facts: { parameters: 5_180_672, family: 'llama', context: 512, seconds: expect.any(Number) },
    })
    expect(answer.files.map(({ name }) => name).sort()).toEqual(['LICENSE', ...FETCHED])
    expect(answer.bytes).toBeGreaterThan(weights.length)
    expect(answer.free).toBeGreaterThan(0)
    expect(answer.facts?.memory).toBeGreaterThan(16 * 5_180_672)
    // Only the description and small files were read.
    expect(hub.requests.map(({ path }) => path)).toEqual([
      `/api/models/${REPO}/revision/main?blobs=true`,
      `/${REPO}/resolve/${COMMIT}/config.json`,
      `/${REPO}/resolve/${COMMIT}/tokenizer_config.json`,
    ])
  })

  test('is downloaded, usable at once, trained, kept over a restart, and removed when nothing needs it', async () => {
    const { status, answer } = await library().add({ repo: REPO })
    expect(status).toBe(200)
    expect(answer.downloads).toMatchObject([{ name: NAME, repo: REPO, error: null }])
    expect(await library().arrived(NAME)).toMatchObject({ kind: 'hub', source: REPO, licence: 'apache-2.0' })
    expect(await models()).toEqual(['limerick-base', NAME])
    expect(modelFiles()).toEqual(['LICENSE', ...FETCHED.slice(0, 2), 'limerick.json', ...FETCHED.slice(2)])
    expect(readFileSync(path.join(engine().folder, 'models', NAME, WEIGHTS)).equals(weights)).toBe(true)
    expect(downloads()).toEqual([])

    const training_file = await upload(engine().client, elle.slice(0, 10))
    const job = await engine().client.fineTuning.jobs.create({
      model: NAME.toLowerCase(),
      training_file,
      hyperparameters: { n_epochs: 1, batch_size: 10 },
      ...{ limerick: { method: 'lora' } },
    })
    const refusal = (await library().remove(NAME)).answer.error
    expect(refusal.message).toContain(`still needed by ${job.id}`)
    const tuned = (await ended(engine().client, job.id)).fine_tuned_model ?? ''

    const { folder } = engine()
    await restart()
    expect(await models()).toEqual(['limerick-base', NAME, tuned])
    const adapter = await library().remove(NAME)
    expect([adapter.status, adapter.answer.error.message]).toEqual([
      400,
      `The model '${NAME}' is still needed by ${tuned}.`,
    ])
    await engine().client.models.delete(tuned)
    expect((await library().remove(NAME)).answer.added).toEqual([])
    expect(await models()).toEqual(['limerick-base'])
    expect(readdirSync(path.join(folder, 'models'))).toEqual([])
    // The name is free again.
    await library().add({ repo: REPO })
    await library().arrived(NAME)
    const messages = [{ role: 'user' as const, content: 'Tell me about Gold' }]
    expect(
      (await engine().client.chat.completions.create({ model: NAME, messages, max_tokens: 2 })).model,
    ).toBe(NAME)
  })

  test('goes on after a kill in the middle of a file, and asks only for what is missing', async () => {
    const after = 4_000_000
    hub.faults.set(WEIGHTS, { kind: 'silent', after })
    await library().add({ repo: REPO })
    const { id } = await library().reached('the first bytes', ({ done }) => done > after)
    const { folder } = engine()
    await restart()
    const [paused] = (await library().list()).downloads
    expect(paused).toMatchObject({ id, name: NAME, state: 'paused', error: null, rate: null })
    const there = weights.length - ((paused?.bytes ?? 0) - (paused?.done ?? 0))
    expect(there).toBeGreaterThan(0)
    expect(await models()).toEqual(['limerick-base'])

    hub.faults.clear()
    hub.requests.length = 0
    expect((await library().change(id, 'resume')).status).toBe(200)
    await library().arrived(NAME)
    // On a busy machine a connection may fall silent again: then the rest of the rest is asked for.
    const starts = rangesOf(WEIGHTS).map((range) => Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1]))
    expect(starts[0]).toBe(there)
    expect(starts).toEqual(starts.toSorted((one, other) => one - other))
    expect(readFileSync(path.join(folder, 'models', NAME, WEIGHTS)).equals(weights)).toBe(true)
  })

  test('goes on by itself when the connection breaks, or nothing comes any more', async () => {
    hub.faults.set(WEIGHTS, { kind: 'cut', after: 3_000_000 })
    hub.faults.set('tokenizer.json', { kind: 'silent', after: 60_000 })
    await library().add({ repo: REPO })
    await library().arrived(NAME)
    expect(rangesOf(WEIGHTS)[0]).toBeNull()
    expect(rangesOf(WEIGHTS).length).toBeGreaterThanOrEqual(4)
    expect(rangesOf('tokenizer.json').slice(0, 2)).toEqual([null, 'bytes=60000-'])
  })

  test('is begun again where the hub knows no ranges', async () => {
    hub.faults.set(WEIGHTS, { kind: 'silent', after: 2_000_000 })
    await library().add({ repo: REPO })
    const { id } = await library().reached('the first bytes', ({ done }) => done > 2_000_000)
    await library().change(id, 'pause')
    hub.faults.set(WEIGHTS, { kind: 'from the start' })
    await library().change(id, 'resume')
    await library().arrived(NAME)
    expect(readFileSync(path.join(engine().folder, 'models', NAME, WEIGHTS)).equals(weights)).toBe(true)
  })

  test.each([WEIGHTS, 'generation_config.json'])(
    'with a wrong checksum of %s is no model; the file is deleted and fetched again',
    async (file) => {
      hub.faults.set(file, { kind: 'damaged' })
      await library().add({ repo: REPO })
      const failed = await library().reached('the failure', ({ state }) => state === 'failed')
      expect(failed.error).toMatchObject({
        code: 'hub_checksum',
        message: expect.stringContaining('checksum'),
      })
      expect(await models()).toEqual(['limerick-base'])
      const there = readdirSync(path.join(engine().folder, 'downloads', failed.id))
      expect(there.filter((name) => name.startsWith(file))).toEqual([])
      hub.faults.clear()
      await library().change(failed.id, 'resume')
      await library().arrived(NAME)
    },
  )

  test('is paused, and cancelled without a trace', async () => {
    hub.faults.set(WEIGHTS, { kind: 'silent', after: 1_000_000 })
    await library().add({ repo: REPO })
    const { id } = await library().reached('the first bytes', ({ done }) => done > 1_000_000)
    expect((await library().change(id, 'pause')).answer.downloads).toMatchObject([{ state: 'paused' }])
    expect((await library().add({ repo: REPO })).status).toBe(409)
    expect((await library().cancel(id)).answer.downloads).toEqual([])
    expect([downloads(), readdirSync(path.join(engine().folder, 'tmp'))]).toEqual([[], []])
    expect((await library().cancel(id)).status).toBe(404)
  })

  test('whose folder is deleted meanwhile says so, and can be cancelled', async () => {
    hub.faults.set(WEIGHTS, { kind: 'silent', after: 1_000_000 })
    await library().add({ repo: REPO })
    const { id } = await library().reached('the first bytes', ({ done }) => done > 1_000_000)
    await library().change(id, 'pause')
    rmSync(path.join(engine().folder, 'downloads', id), { recursive: true })
    await library().change(id, 'resume')
    const failed = await library().reached('the failure', ({ state }) => state === 'failed')
    expect(failed.error).toMatchObject({
      code: 'disk_error',
      message: expect.stringContaining('cannot be written (ENOENT)'),
    })
    const cancelled = await library().cancel(id)
    expect([cancelled.status, cancelled.answer.downloads]).toEqual([200, []])
  })

  test('that is cancelled while its bytes are checked gets no file', async () => {
    const stop = new AbortController()
    const client = hubClient({ endpoint: hub.endpoint, token: null }, 300)
    const model = await client.model(REPO, 'main', stop.signal)
    const file = model.files.find(({ name }) => name === WEIGHTS) as HubFile
    const folder = await newFolder()
    const order = { hub: client, model, file, folder, patience: usualPatience, signal: stop.signal }
    const fetched = fetchFile({ ...order, onBytes: () => {}, onCheck: () => stop.abort() })
    await expect(fetched).rejects.toMatchObject({ name: 'AbortError' })
    expect(readdirSync(folder)).toEqual([`${WEIGHTS}.part`])
    rmSync(folder, { recursive: true })
  })

  test('fails in words when the hub sends rubbish, more than it said, or nothing', async () => {
    hub.faults.set(WEIGHTS, { kind: 'endless' })
    await library().add({ repo: REPO })
    const failed = await library().reached('the failure', ({ state }) => state === 'failed')
    expect(failed.error?.message).toContain('sends more bytes than the file has')
    await library().cancel(failed.id)
    hub.faults.set(WEIGHTS, { kind: 'status', status: 503 })
    await library().add({ repo: REPO })
    const refused = await library().reached('the refusal', ({ state }) => state === 'failed')
    expect(refused.error?.message).toContain('status 503')
    expect(refused.error?.message).not.toContain('signed')
  })
})

describe.skipIf(!hasSmallDisks())('on a disk without room (needs Linux with user namespaces)', () => {
  test('a download is refused before it begins, and fails in words when others fill the disk', async () => {
    const disk = await smallDisk(48 * 1024 * 1024)
    const small = await startEngine(disk.folder, null, {
      through: disk.through,
      hub: { endpoint: hub.endpoint, silence: 2_000 },
    })
    try {
      const own = libraryOf(small)
      disk.fill(18 * 1024 * 1024)
      const { status, answer } = await own.add({ repo: REPO })
      expect([status, answer.error.code]).toEqual([507, 'disk_full'])
      disk.empty()
      // While a small file hangs, somebody else fills the disk.
      hub.faults.set('tokenizer.json', { kind: 'silent', after: 1000 })
      await own.add({ repo: REPO })
      const { id } = await own.reached('the first bytes', ({ done }) => done > 1000)
      disk.fill(2_000_000)
      hub.faults.clear()
      const failed = await own.reached('the full disk', ({ state }) => state === 'failed')
      expect(failed.error).toMatchObject({
        code: 'disk_full',
        message: expect.stringContaining('disk is full'),
      })
      expect((await own.change(id, 'resume')).status).toBe(507)
      disk.empty()
      await own.change(id, 'resume')
      await own.arrived(NAME)
    } finally {
      await small.kill()
      await disk.close()
    }
  })
})
