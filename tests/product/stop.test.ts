import { readdirSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { commandOf, discard, type Studio, startStudio } from '../support/studio.ts'

const isAlive = (pid: number): boolean => commandOf(pid) !== ''

const engineOf = (studio: Studio): number =>
  studio.pids().find((pid) => /engine\/main\.ts/.test(commandOf(pid))) ?? 0

/** A closed database has no files beside it. */
const beside = (folder: string): string[] =>
  readdirSync(folder).filter((name) => /\.db-(wal|shm)$/.test(name))

describe('stopping stops', () => {
  let studio: Studio
  const again = async () => {
    studio = await startStudio({ dataFolder: studio.dataFolder, port: studio.port })
  }
  beforeAll(async () => {
    studio = await startStudio()
  })
  afterAll(() => discard(studio))

  test('SIGTERM closes both databases', async () => {
    await studio.stop()
    expect(beside(studio.dataFolder)).toEqual([])
    expect(beside(`${studio.dataFolder}/engine`)).toEqual([])
    await again()
  })

  test('an unresponsive engine ends before the studio, and the next start is ready', async () => {
    const pids = studio.pids()
    process.kill(engineOf(studio), 'SIGSTOP')
    await studio.stop()
    expect(pids.filter(isAlive)).toEqual([])
    await again()
    expect((await studio.sdk().models.list()).data.length).toBeGreaterThan(0)
  })

  test('an unresponsive engine without its studio is ended by the next start', async () => {
    const orphan = engineOf(studio)
    process.kill(orphan, 'SIGSTOP')
    process.kill(studio.pid, 'SIGKILL')
    while (isAlive(studio.pid)) await wait(20)
    expect(isAlive(orphan)).toBe(true)
    await again()
    expect(isAlive(orphan)).toBe(false)
    expect(studio.output()).toContain(`Process ${orphan}, an engine that outlived its studio, is ended.`)
    expect((await studio.sdk().models.list()).data.length).toBeGreaterThan(0)
  })

  test('an uncaught error stops it in order: logged, with an exit code, engine included', async () => {
    const failing = `data:text/javascript,process.on('SIGUSR2',()=>{Promise.reject(new Error('nobody caught this'))})`
    await studio.stop()
    studio = await startStudio({
      dataFolder: studio.dataFolder,
      port: studio.port,
      nodeArgs: ['--import', failing],
    })
    const pids = studio.pids()
    process.kill(studio.pid, 'SIGUSR2')
    while (pids.some(isAlive)) await wait(20)
    expect(studio.output()).toContain('nobody caught this')
    expect(await studio.exitCode()).toBe(1)
    expect(beside(studio.dataFolder)).toEqual([])
    await again()
  })
})
