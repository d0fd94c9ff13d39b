import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { processInfo } from '#lib/core/process-info.ts'
import { commandOf } from '#tests/support/studio.ts'

const spinner = fileURLToPath(new URL('../../support/spinner.ts', import.meta.url))

function start(what: string): { child: ChildProcess; log: () => string } {
  const child = fork(spinner, [what], { execArgv: [], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
  let log = ''
  child.stderr?.setEncoding('utf8').on('data', (text) => (log += text))
  return { child, log: () => log }
}

test.each([
  ['stop', 'was asked to stop, did not in 300 ms, and is ended'],
  ['blocked', 'has not answered for 300 ms and is ended'],
])('a process whose main thread is blocked for ever dies: %s', async (what, words) => {
  const { child, log } = start(what)
  expect(await once(child, 'close')).toEqual([null, 'SIGKILL'])
  expect(log()).toContain(`The spinner ${words}`)
})

test('what was not watched yet is not held against a process', async () => {
  const { child, log } = start('live')
  expect(await once(child, 'close')).toEqual([0, null])
  expect(log()).toBe('')
})

test('a blocked process dies when its parent is gone', async () => {
  const { child: parent } = start('parent')
  const [{ pid }] = await once(parent, 'message')
  expect(processInfo(pid)?.parent).toBe(parent.pid)
  parent.kill('SIGKILL')
  while (commandOf(pid) !== '') await pause(20)
})

test('a process is told from a later one by when it started', () => {
  const mine = processInfo(process.pid)
  expect(mine).toEqual({ parent: process.ppid, started: expect.stringMatching(/\d/) })
  expect(processInfo(2 ** 22 + 1)).toBeNull()
})
