import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { once } from '#lib/archive/keep.ts'
import { archived, bytesIn, textIn } from '#lib/archive/read.ts'
import { findItem, itemsOf } from '#lib/archive/store.ts'
import { studio } from '#lib/db/studio.ts'
import { getJob } from '#lib/jobs/get.ts'
import { getSeries } from '#lib/jobs/get-series.ts'
import { importFilesOf } from '#lib/jobs/import-files.ts'
import { listJobs } from '#lib/jobs/list.ts'
import { adoptJob } from '#lib/jobs/reconcile.ts'
import { RemoteJob } from '#lib/jobs/wire.ts'
import { endBackoff } from '#lib/providers/backoff.ts'
import { importArchive } from '#lib/rescue/import.ts'
import { listMissing, listRescues } from '#lib/rescue/rescue.ts'
import { bringHome } from '#lib/rescue/run.ts'
import * as zipRoute from '../../app/api/rescue/[providerId]/zip/route.ts'
import { DELETED_FILE, DELETED_MODEL_JOB, LONG_JOB, startOpenaiAccount } from '../support/openai-account.ts'
import { archiveFiles, snapshot } from '../support/rescues.ts'
import { setUpStudio } from '../support/set-up.ts'
import { until } from '../support/until.ts'
import { unzip } from '../support/zip.ts'

const JOBS = 200
const STEPS = 10_000

const account = await startOpenaiAccount({ jobs: JOBS, steps: STEPS })
const dataFolder = await setUpStudio(account)
afterAll(() => account.close())

const bring = (signal = new AbortController().signal) =>
  bringHome({ providerId: 'compatible', signal, longest: 20 })

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

async function empty(): Promise<void> {
  await studio().deleteFrom('archive_items').execute()
  await studio().deleteFrom('jobs').execute()
  await endBackoff('compatible')
  rmSync(path.join(dataFolder, 'archive'), { recursive: true, force: true })
}

const exportZip = () =>
  zipRoute.GET(new Request('http://localhost/'), { params: Promise.resolve({ providerId: 'compatible' }) })

const readLink = (name: string): string => {
  try {
    return readlinkSync(name)
  } catch {
    return '' // closed since it was listed
  }
}

const metersOf = async () =>
  new Map((await listRescues()).flatMap(({ meters }) => meters.map((meter) => [meter.kind, meter])))

const eventsIn = async (jobId: string): Promise<{ id: string }[]> => {
  const pages = (await archived('compatible', 'events', jobId)) ?? []
  const texts = await Promise.all(pages.map(textIn))
  return texts.flatMap((text) => JSON.parse(text).data)
}

/** What an undisturbed rescue of the account ends with. */
let undisturbed: string[] = []

describe('a rescue of an account with two hundred jobs', () => {
  test('brings everything home with receipts, by GET alone', async () => {
    const before = performance.now()
    await bring()
    const took = Math.round(performance.now() - before)
    console.info(
      `rescue of ${JOBS} jobs: ${account.requests.length} requests, ${account.sent()} bytes, ${took} ms`,
    )
    expect(account.requests.filter((request) => !request.startsWith('GET '))).toEqual([])
    const meters = await metersOf()
    expect(meters.get('job')).toMatchObject({ count: JOBS, saved: JOBS, waiting: 0, missing: [] })
    expect(meters.get('events')).toMatchObject({ count: JOBS, saved: JOBS })
    expect(meters.get('checkpoints')).toMatchObject({ count: JOBS, saved: JOBS })
    // Nine training files, a validation file, five that no job names, a result of each ended job, and the deleted one.
    expect(meters.get('file')).toMatchObject({
      count: 9 + 1 + 5 + (JOBS - 1) + 1,
      saved: 9 + 1 + 5 + (JOBS - 1),
      missing: [{ reason: 'gone', count: 1 }],
    })
    expect(meters.get('model')).toMatchObject({
      count: JOBS - 1,
      saved: JOBS - 2,
      missing: [{ reason: 'gone', count: 1 }],
    })
    undisturbed = await snapshot('compatible')
  })

  test('every byte is here under its hash, base64 as it came, and nothing that is not of fine-tuning', async () => {
    for (const [id, { content, object }] of account.files) {
      const parts = await archived('compatible', 'file', id)
      if (object.purpose === 'assistants') expect(parts).toBeNull()
      else expect(parts?.[1]).toEqual({ sha256: sha256(content), bytes: content.length })
    }
    for (const name of archiveFiles(dataFolder))
      expect(sha256(readFileSync(path.join(dataFolder, 'archive', name)))).toBe(name)
    const job = account.jobs.find(({ id }) => id === LONG_JOB)
    const [raw] = (await archived('compatible', 'job', LONG_JOB)) ?? []
    expect(raw && (await textIn(raw))).toBe(JSON.stringify(job))
  })

  test('all pages of ten thousand events are here, each event once', async () => {
    const ids = (await eventsIn(LONG_JOB)).map(({ id }) => id)
    expect(ids).toHaveLength(STEPS + 2)
    expect(new Set(ids)).toEqual(new Set(account.events.get(LONG_JOB)?.map(({ id }) => id)))
  })

  test('models have the day of their shutdown', async () => {
    const [, dated] = (await itemsOf('compatible', 'model')).filter(({ saved_at }) => saved_at !== null)
    expect(JSON.parse(dated?.facts_json ?? '{}')).toEqual({ shutdownDate: '2027-01-14' })
  })

  test('what is missing is named with its reason', async () => {
    const missing = await listMissing('compatible')
    const model = account.jobs.find(({ id }) => id === DELETED_MODEL_JOB)?.fine_tuned_model
    expect(missing.map(({ kind, id, reason }) => [kind, id, reason])).toEqual(
      expect.arrayContaining([
        ['file', DELETED_FILE, 'gone'],
        ['model', model, 'gone'],
      ]),
    )
    expect(missing).toHaveLength(2)
    expect(missing.find(({ kind }) => kind === 'file')?.error?.message).toContain('No such File object')
  })

  test('again adds nothing: only lists and what still runs are asked for', async () => {
    const [files, asked] = [archiveFiles(dataFolder), account.requests.length]
    await bring()
    const requests = account.requests.slice(asked).map((request) => request.replace(/\?.*/, ''))
    expect(requests.sort()).toEqual(
      [
        'GET /files',
        'GET /files',
        'GET /files',
        'GET /fine_tuning/jobs',
        'GET /fine_tuning/jobs',
        `GET /fine_tuning/jobs/${account.runningJob}`,
        `GET /fine_tuning/jobs/${account.runningJob}/checkpoints`,
        `GET /fine_tuning/jobs/${account.runningJob}/events`,
        'GET /models',
      ].sort(),
    )
    expect(await snapshot('compatible')).toEqual(undisturbed)
    expect(archiveFiles(dataFolder)).toEqual(files)
  })

  test('bytes that are missing or lost on this disk are asked for again', async () => {
    const [, content] = (await archived('compatible', 'file', 'file-valid')) ?? []
    rmSync(path.join(dataFolder, 'archive', content?.sha256 ?? ''))
    await expect(content && bytesIn(content).next()).rejects.toMatchObject({ code: 'damaged' })
    await bring()
    expect(await snapshot('compatible')).toEqual(undisturbed)
    expect(content && (await textIn(content))).toContain('Question 0 of data 50')
  })

  test('a job that has ended since is brought up to date, and its older answers are dropped', async () => {
    const job = account.jobs.find(({ id }) => id === account.runningJob)
    const model = 'ft:gpt-4o-mini-2024-07-18:acme:late:0000LATE'
    const before = { ...job }
    Object.assign(job ?? {}, { status: 'succeeded', fine_tuned_model: model, result_files: ['file-valid'] })
    await bring()
    expect(await findItem('compatible', 'job', account.runningJob)).toMatchObject({ final: 1 })
    expect(await findItem('compatible', 'events', account.runningJob)).toMatchObject({ final: 1 })
    expect(await findItem('compatible', 'model', model)).toMatchObject({ reason: 'gone' })
    const parts = await studio().selectFrom('archive_parts').select('sha256').distinct().execute()
    expect(archiveFiles(dataFolder)).toEqual(parts.map(({ sha256 }) => sha256).sort())
    Object.assign(job ?? {}, before)
  })

  test('storms of 429, cut downloads and a forgotten cursor change nothing in the end', async () => {
    await empty()
    account.heal()
    account.faults.storm = { every: 60, retryAfterMs: 3 }
    account.faults.delay = 2
    account.faults.cuts.set('file-train-01', { times: 2, quietly: false })
    account.faults.cuts.set('file-train-02', { times: 2, quietly: true })
    account.faults.cuts.set('file-result-002', { times: 1, quietly: true })
    account.faults.ignoresAfter.set('/v1/fine_tuning/jobs', 1)
    account.faults.ignoresAfter.set(`/v1/fine_tuning/jobs/${LONG_JOB}/events`, 2)
    await bring()
    expect(await snapshot('compatible')).toEqual(undisturbed)
    expect(account.requests.filter((request) => !request.startsWith('GET '))).toEqual([])
    expect(account.most()).toBeGreaterThan(1)
    expect(account.most()).toBeLessThanOrEqual(4)
  })
})

describe('a provider that has nothing any more', () => {
  test('a job gives its data as a dataset, from what was brought home', async () => {
    const remote = RemoteJob.parse(account.jobs.find(({ id }) => id === 'ftjob-004'))
    await adoptJob('compatible', remote)
    const known = (await listJobs()).find(({ remoteId }) => remoteId === 'ftjob-004')
    account.faults.down = true
    const dataset = await importFilesOf(known?.id ?? '')
    account.faults.down = false
    expect(dataset).toMatchObject({ train: { examples: 12 }, heldout: { examples: 12 } })
  })

  test('the zip file opens: every byte by its receipt, events, curves, and a page without the product', async () => {
    account.faults.down = true
    const answer = await exportZip()
    expect(answer.headers.get('content-disposition')).toMatch(/^attachment; filename="[\w.-]+\.zip"$/)
    const folder = mkdtempSync(path.join(tmpdir(), 'limerick-zip-'))
    const names = await unzip(new Uint8Array(await answer.arrayBuffer()), folder)
    account.faults.down = false
    const read = (name: string) => readFileSync(path.join(folder, name))
    const sums = read('SHA256SUMS').toString().trim().split('\n')
    expect(sums.length).toBeGreaterThan(3 * JOBS)
    for (const line of sums) {
      const [hash, name = ''] = line.split('  ')
      expect(sha256(read(name))).toBe(hash)
    }
    const { items } = JSON.parse(read('receipts.json').toString())
    expect(items).toContainEqual(
      expect.objectContaining({ kind: 'file', id: DELETED_FILE, missing: 'gone', saved_at: null, parts: [] }),
    )
    const events = read(`jobs/${LONG_JOB}/events.jsonl`)
      .toString()
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(events.map(({ id }) => id)).toEqual(
      account.events
        .get(LONG_JOB)
        ?.map(({ id }) => id)
        .reverse(),
    )
    const curve = read(`jobs/${LONG_JOB}/curve.csv`).toString().trim().split('\n')
    expect(curve).toHaveLength(STEPS + 1)
    // The curve of a job whose events say nothing comes from its result file, which is base64.
    expect(read('files/file-result-000/step_metrics.csv')).toEqual(
      account.files.get('file-result-000')?.content,
    )
    const page = read('index.html').toString()
    for (const { id } of account.jobs) expect(page).toContain(`<section id="jobs/${id}">`)
    expect(page.match(/<polyline/g)?.length).toBe(JOBS)
    expect(page).not.toMatch(/<script|https?:/)
    expect(names.filter((name) => name.startsWith('models/'))).toHaveLength(JOBS - 2)
    rmSync(folder, { recursive: true, force: true })
  })

  test('a download that is left in the middle leaves no file open', async () => {
    const openFiles = () =>
      readdirSync('/proc/self/fd')
        .map((fd) => readLink(`/proc/self/fd/${fd}`))
        .filter((name) => name.includes('/archive/'))
    const answer = await exportZip()
    const reader = answer.body?.getReader()
    await until('a part that is being read', async () => {
      await reader?.read()
      return openFiles().length > 0
    })
    await reader?.cancel()
    await until('the end of reading', () => openFiles().length === 0)
  })

  test('the zip file brings everything to another installation, and no byte that differs from its receipt', async () => {
    const zip = Buffer.from(await (await exportZip()).arrayBuffer())
    const [before, archivedBefore] = [await metersOf(), archiveFiles(dataFolder)]
    await empty()
    const spoiled = Buffer.from(zip)
    spoiled.write('fine_tuning.jOb', spoiled.indexOf('"object":"fine_tuning.job"') + '"object":"'.length)
    await expect(importArchive(once(spoiled))).rejects.toMatchObject({
      code: 'damaged',
      message: expect.stringContaining('not as its receipt says'),
    })
    await expect(importArchive(once(Buffer.from('no zip file')))).rejects.toMatchObject({ code: 'invalid' })
    await expect(importArchive(once(zip.subarray(0, -9)))).rejects.toMatchObject({ code: 'invalid' })
    const asked = account.requests.length
    await importArchive(once(zip))
    expect(await metersOf()).toEqual(before)
    expect(archiveFiles(dataFolder)).toEqual(archivedBefore)
    const ended = () =>
      studio().selectFrom('jobs').select(['id', 'remote_id']).where('finished_at', 'is not', null).execute()
    const jobs = await ended()
    expect(jobs).toHaveLength(JOBS - 1) // one still ran when it was last seen
    const long = jobs.find(({ remote_id }) => remote_id === LONG_JOB)
    expect(await getJob(long?.id ?? '')).toMatchObject({ eventCount: STEPS + 2, step: STEPS })
    expect(await getSeries(long?.id ?? '')).toMatchObject({ count: STEPS, to: STEPS })
    await importArchive(once(zip))
    expect(await ended()).toEqual(jobs)
    expect(account.requests).toHaveLength(asked)
  })
})
