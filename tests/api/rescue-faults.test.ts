import { rmSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { archived, textIn } from '#lib/archive/read.ts'
import { onChanges } from '#lib/db/changes.ts'
import { studio } from '#lib/db/studio.ts'
import { backoffOf, endBackoff } from '#lib/providers/backoff.ts'
import { listMissing } from '#lib/rescue/rescue.ts'
import { bringHome } from '#lib/rescue/run.ts'
import { LONG_JOB, startOpenaiAccount } from '../support/openai-account.ts'
import { snapshot } from '../support/rescues.ts'
import { setUpStudio } from '../support/set-up.ts'
import { until } from '../support/until.ts'

const account = await startOpenaiAccount({ jobs: 24, steps: 700 })
const dataFolder = await setUpStudio(account)
afterAll(() => account.close())

const bring = (signal = new AbortController().signal) =>
  bringHome({ providerId: 'compatible', signal, longest: 20 })

/** What an undisturbed rescue of the account ends with. */
let undisturbed: string[] = []

beforeAll(async () => {
  await bring()
  undisturbed = await snapshot('compatible')
})
beforeEach(async () => {
  await studio().deleteFrom('archive_items').execute()
  await endBackoff('compatible')
  rmSync(path.join(dataFolder, 'archive'), { recursive: true, force: true })
  account.heal()
})

test('a download that is always cut is not taken for whole, and is there after a later try', async () => {
  account.faults.cuts.set('file-train-02', { times: Number.POSITIVE_INFINITY, quietly: true })
  await bring()
  expect(await listMissing('compatible')).toEqual(
    expect.arrayContaining([expect.objectContaining({ id: 'file-train-02', reason: 'cut', saved: false })]),
  )
  account.faults.cuts.clear()
  await bring()
  expect(await snapshot('compatible')).toEqual(undisturbed)
})

test('a server that always ignores the cursor neither loops nor is taken for read to the end', async () => {
  account.faults.ignoresAfter.set(`/v1/fine_tuning/jobs/${LONG_JOB}/events`, Number.POSITIVE_INFINITY)
  await bring()
  expect(await listMissing('compatible')).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ kind: 'events', id: LONG_JOB, reason: 'repeats', saved: false }),
    ]),
  )
  const asked = account.requests.filter((request) => request.includes(`${LONG_JOB}/events`))
  expect(asked.length).toBeLessThan(10)
})

test('a server that ignores the cursor but gives everything at once loses nothing', async () => {
  account.faults.ignoresLimit = false
  account.faults.ignoresAfter.set(`/v1/fine_tuning/jobs/${LONG_JOB}/events`, Number.POSITIVE_INFINITY)
  await bring()
  const pages = (await archived('compatible', 'events', LONG_JOB)) ?? []
  const texts = await Promise.all(pages.map(textIn))
  const ids = texts.flatMap((text) => JSON.parse(text).data.map(({ id }: { id: string }) => id))
  expect(new Set(ids)).toEqual(new Set(account.events.get(LONG_JOB)?.map(({ id }) => id)))
})

test('a provider that stops answering ends the rescue with a reason, and it goes on later', async () => {
  const stop = onChanges(['archive_items'], () => {
    if (account.requests.length > 40) account.faults.down = true
  })
  await expect(bring()).rejects.toMatchObject({ code: 'provider_unreachable' })
  stop()
  account.faults.down = false
  await bring()
  expect(await snapshot('compatible')).toEqual(undisturbed)
})

test('a refused key pauses everything until the user checks again', async () => {
  account.faults.badKey = true
  const running = bring()
  const hold = await until('the backoff', () => backoffOf('compatible'))
  expect(hold).toMatchObject({ reason: 'bad_key', until: null })
  const asked = account.requests.length
  expect(asked).toBeLessThanOrEqual(4)
  account.faults.badKey = false
  await endBackoff('compatible')
  await running
  expect(await snapshot('compatible')).toEqual(undisturbed)
})

test('aborted between any two writes at twenty moments it ends with the same', async () => {
  for (let turn = 0; turn < 20; turn++) {
    const stop = new AbortController()
    let left = Math.ceil(Math.random() * 90)
    const unsubscribe = onChanges(['archive_items'], () => {
      if (--left <= 0) stop.abort()
    })
    await bring(stop.signal).catch((thrown: unknown) => {
      if (!stop.signal.aborted) throw thrown
    })
    unsubscribe()
  }
  await bring()
  expect(await snapshot('compatible')).toEqual(undisturbed)
})
