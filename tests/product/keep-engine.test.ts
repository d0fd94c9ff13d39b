/** The studio's keeper of the engine, with the real engine and shorter waits. */
import path from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { type KeptEngine, keepEngine } from '#lib/launch/engine.ts'
import { restartEngine } from '#lib/providers/engine-restart.ts'
import { listProvidersWithHealth } from '#lib/providers/health.ts'
import { endpoint, engineOutage } from '#lib/providers/registry.ts'
import { newFolder, until } from '../support/engine.ts'
import { commandOf, family } from '../support/studio.ts'

let kept: KeptEngine | undefined
afterEach(() => kept?.stop(2_000))

const enginePids = (): number[] =>
  family(process.pid).filter((pid) => /engine\/main\.ts/.test(commandOf(pid)))

const start = async (waits: Parameters<typeof keepEngine>[1], modelsFolder: string | null = null) => {
  // The keeper's log is part of the tests.
  const log = vi.spyOn(console, 'error').mockImplementation(() => undefined)
  kept = keepEngine({ dataFolder: await newFolder(), modelsFolder, memoryLimit: null, python: null }, waits)
  return { ready: kept.ready, log: () => log.mock.calls.flat().join('\n') }
}

test('an engine without a heartbeat is not asked, then killed and restarted', async () => {
  const { ready, log } = await start({ silent: 2_000, dead: 5_000 })
  expect(await ready).toBeNull()
  const [first = 0] = enginePids()
  process.kill(first, 'SIGSTOP')
  const note = await until('the note', async () => engineOutage())
  expect(note.message).toContain('has sent no heartbeat')
  expect(() => endpoint('embedded')).toThrow(note.message)
  // A page fails at once: the engine is not asked.
  const [health] = await listProvidersWithHealth().catch(() => [])
  expect(health).toMatchObject({ id: 'embedded', health: { state: 'bad', message: note.message } })
  const [second] = await until('another engine', async () => {
    const pids = enginePids().filter((pid) => pid !== first)
    return pids.length > 0 && pids
  })
  expect(second).not.toBe(first)
  await until('its answer', async () => engineOutage() === null && answers())
  expect(log()).toContain('The built-in engine has not answered for 5 s.')
})

async function answers(): Promise<boolean> {
  try {
    const { baseURL, key } = endpoint('embedded')
    const headers = { authorization: `Bearer ${key.reveal()}` }
    return (await fetch(`${baseURL}/models`, { headers })).ok
  } catch {
    return false
  }
}

test('a returning heartbeat clears the outage', async () => {
  const { ready } = await start({ silent: 2_000, dead: 600_000 })
  expect(await ready).toBeNull()
  const [pid = 0] = enginePids()
  process.kill(pid, 'SIGSTOP')
  await until('the note', async () => engineOutage())
  process.kill(pid, 'SIGCONT')
  await until('no note', async () => engineOutage() === null)
  expect(enginePids()).toEqual([pid])
  expect(await answers()).toBe(true)
})

test('an engine that hangs is restarted when asked, and one that answers is not', async () => {
  const { ready, log } = await start({ silent: 2_000, dead: 600_000 })
  expect(await ready).toBeNull()
  await expect(restartEngine()).rejects.toMatchObject({ code: 'conflict' })
  const [first = 0] = enginePids()
  process.kill(first, 'SIGSTOP')
  await until('the note', async () => engineOutage())
  await restartEngine()
  await until('its answer', async () => engineOutage() === null && answers())
  expect(enginePids()).not.toContain(first)
  expect(log()).toContain('The built-in engine is restarted, as asked.')
  await kept?.stop(2_000)
  await expect(restartEngine()).rejects.toMatchObject({ code: 'unavailable' })
})

test('an engine that is starting is not restarted again', async () => {
  const { ready } = await start({ silent: 2_000, dead: 600_000 })
  const [first] = await until('an engine', async () => enginePids().length > 0 && enginePids())
  await restartEngine().catch(() => undefined) // it may answer by now
  expect(await ready).toBeNull()
  expect(enginePids()).toEqual([first])
})

test('after three early deaths of the engine the start goes on with the reason', async () => {
  const { ready, log } = await start({}, path.join(await newFolder(), 'nothing'))
  const reason = 'The folder of LIMERICK_MODELS cannot be read.'
  expect(await ready).toBe(reason)
  expect(() => endpoint('embedded')).toThrow(`The built-in engine does not start: ${reason}`)
  const [health] = await listProvidersWithHealth().catch(() => [])
  expect(health?.health).toMatchObject({ state: 'bad', message: expect.stringContaining(reason) })
  expect(log()).toContain(`The built-in engine ended: ${reason}`)
})

test('an engine that never listens is killed, and the start does not wait for it', async () => {
  const { ready, log } = await start({ start: 50 })
  expect(await ready).toMatch(/still starting|did not begin to listen within 0\.05 s/)
  await until('the reason', async () => log().includes('it did not begin to listen within 0.05 s'))
})

test('an engine that ignores SIGTERM is gone when stop returns', async () => {
  const { ready } = await start({})
  expect(await ready).toBeNull()
  const [pid = 0] = enginePids()
  process.kill(pid, 'SIGSTOP')
  await kept?.stop(500)
  expect(commandOf(pid)).toBe('')
})
