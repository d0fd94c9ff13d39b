import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest'
import { studio } from '#lib/db/studio.ts'
import { liveRescues } from '#lib/rescue/live.ts'
import { startRescues } from '#lib/rescue/loop.ts'
import type { MissingItem, Rescue } from '#lib/rescue/schema.ts'
import * as missingRoute from '../../app/api/rescue/[providerId]/missing/route.ts'
import * as startRoute from '../../app/api/rescue/[providerId]/route.ts'
import * as stopRoute from '../../app/api/rescue/[providerId]/stop/route.ts'
import * as zipRoute from '../../app/api/rescue/[providerId]/zip/route.ts'
import * as listRoute from '../../app/api/rescue/route.ts'
import { callRoute } from '../support/call-route.ts'
import { DELETED_FILE, startOpenaiAccount } from '../support/openai-account.ts'
import { archiveFiles } from '../support/rescues.ts'
import { setUpStudio } from '../support/set-up.ts'
import { until } from '../support/until.ts'

const JOBS = 24

const account = await startOpenaiAccount({ jobs: JOBS, steps: 700 })
await setUpStudio(account)
afterAll(() => account.close())

const params = { providerId: 'compatible' }

const rescue = async (): Promise<Rescue> => {
  const { answer } = await callRoute<Rescue[]>(listRoute.GET)
  const found = answer.find(({ providerId }) => providerId === 'compatible')
  if (!found) throw new Error('no rescue')
  return found
}
const ended = () =>
  until('the end of the rescue', async () => (await rescue()).state !== 'running' && rescue())

describe('the rescue of a running studio', () => {
  let stop: AbortController
  let running: Promise<void>
  const follow = () => {
    stop = new AbortController()
    running = startRescues(stop.signal, { tick: 5, longest: 20 })
  }
  beforeEach(() => {
    account.heal()
    follow()
  })
  afterEach(async () => {
    stop.abort()
    await running
    await studio().deleteFrom('rescues').execute()
    await studio().deleteFrom('archive_items').execute()
  })

  test('nothing is asked for until the user asks for it', async () => {
    expect(await rescue()).toMatchObject({ state: 'none', configured: true, meters: [], bytes: 0 })
    expect(account.requests).toEqual([])
    const { answer } = await callRoute(zipRoute.GET, { params })
    expect(answer.error).toMatchObject({ code: 'not_found', key: 'rescue.empty' })
  })

  test('runs in the background, says how far it is, and lists what is missing', async () => {
    const stream = liveRescues(stop.signal, true)
    expect((await stream.next()).value?.data).toMatchObject([{ state: 'none' }])
    account.faults.delay = 100 // it still runs when the stream looks
    const { status } = await callRoute(startRoute.POST, { params, body: {} })
    expect(status).toBe(200)
    expect((await stream.next()).value?.data).toMatchObject([{ state: 'running' }])
    account.faults.delay = 0
    const done = await ended()
    expect(done).toMatchObject({ state: 'done', missing: 2, error: null })
    expect(done.meters[0]).toMatchObject({ kind: 'job', count: JOBS, saved: JOBS, waiting: 0 })
    const { answer } = await callRoute<MissingItem[]>(missingRoute.GET, { params })
    expect(answer).toEqual(
      expect.arrayContaining([expect.objectContaining({ id: DELETED_FILE, reason: 'gone' })]),
    )
    await stream.return(undefined)
  })

  test('stops when asked, stays stopped over a restart, and goes on when asked', async () => {
    account.faults.delay = 20
    await callRoute(startRoute.POST, { params, body: {} })
    await until('some jobs', async () => (await rescue()).meters.some(({ saved }) => saved > 2))
    const { answer } = await callRoute<Rescue[]>(stopRoute.POST, { params, body: {} })
    expect(answer).toMatchObject([{ state: 'stopped' }])
    stop.abort()
    await running
    const asked = account.requests.length
    follow()
    account.faults.delay = 0
    expect(await rescue()).toMatchObject({ state: 'stopped' })
    expect(account.requests).toHaveLength(asked)
    await callRoute(startRoute.POST, { params, body: {} })
    expect(await ended()).toMatchObject({ state: 'done', missing: 2 })
  })

  test('a retry asks again for what was missing, also for what had been deleted', async () => {
    await callRoute(startRoute.POST, { params, body: {} })
    await ended()
    account.files.set(DELETED_FILE, { object: { id: DELETED_FILE, bytes: 3 }, content: Buffer.from('yes') })
    await callRoute(startRoute.POST, { params, body: {} })
    expect(await ended()).toMatchObject({ missing: 2 })
    await callRoute(startRoute.POST, { params, body: { retry: true } })
    expect(await ended()).toMatchObject({ missing: 1 })
    account.files.delete(DELETED_FILE)
  })

  test('the built-in engine and an unknown provider are refused', async () => {
    const engine = await callRoute(startRoute.POST, { params: { providerId: 'embedded' }, body: {} })
    expect(engine).toMatchObject({ status: 400, answer: { error: { key: 'rescue.builtIn' } } })
    const none = await callRoute(startRoute.POST, { params: { providerId: 'openai' }, body: {} })
    expect(none).toMatchObject({ status: 404, answer: { error: { key: 'providers.none' } } })
  })
})

interface Ended {
  state: string
  items: string[]
}

/** A studio in a process of its own that runs the rescue. */
function rescuer(folder: string) {
  const env = {
    ...process.env,
    LIMERICK_DATA: folder,
    OPENAI_BASE_URL: account.baseURL,
    OPENAI_API_KEY: account.key,
  }
  const child: ChildProcess = spawn(
    process.execPath,
    ['--conditions=react-server', 'tests/support/rescuer.ts'],
    { env, stdio: ['ignore', 'pipe', 'inherit'] },
  )
  let printed = ''
  child.stdout?.on('data', (chunk) => (printed += chunk))
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const isGone = () => child.exitCode !== null
  return {
    kill: async () => {
      child.kill('SIGKILL')
      await gone
    },
    ended: async (): Promise<Ended> => {
      await gone
      return JSON.parse(printed.trim().split('\n').at(-1) ?? 'null')
    },
    isGone,
    ready: () => until('a rescuer', () => printed.includes('ready') || isGone()),
  }
}

const fresh = () => mkdtempSync(path.join(tmpdir(), 'limerick-rescue-'))

test('killed at twenty random moments it ends with the same, and no file without its receipt', async () => {
  account.heal()
  const [calm, hit] = [fresh(), fresh()]
  const undisturbed = await rescuer(calm).ended()
  const all = account.requests.length
  expect(undisturbed.state).toBe('done')
  account.heal()
  for (let kill = 0; kill < 20; kill++) {
    const { ready, isGone, kill: end } = rescuer(hit)
    // Five requests are lists, which are read anew after each start.
    const last = account.requests.length + 5 + Math.floor((Math.random() * all) / 10)
    await ready()
    await until('some requests', () => account.requests.length >= last || isGone())
    await end()
  }
  expect(await rescuer(hit).ended()).toEqual(undisturbed)
  expect(archiveFiles(hit)).toEqual(archiveFiles(calm))
  expect(account.requests.filter((request) => !request.startsWith('GET '))).toEqual([])
  for (const folder of [calm, hit]) rmSync(folder, { recursive: true, force: true })
})
