import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { processInfo } from '#lib/core/process-info.ts'
import { commandOf } from '#tests/support/studio.ts'

const spinner = fileURLToPath(new URL('../../support/spinner.ts', import.meta.url))

function start(mode: string): { child: ChildProcess; log: () => string } {
  const child = fork(spinner, [mode], { execArgv: [], stdio: ['ignore', 'ignore', 'pipe', 'ipc'] })
  let log = ''
  child.stderr?.setEncoding('utf8').on('data', (text) => (log += text))
  return { child, log: () => log }
}

test.each([
  ['stop', 'was asked to stop, did not in 300 ms, and is ended'],
  ['blocked', 'has not answered for 300 ms and is ended'],
])('kills a process whose main thread is blocked for ever: %s', async (mode, words) => {
  const { child, log } = start(mode)
  expect(await once(child, 'close')).toEqual([null, 'SIGKILL'])
  expect(log()).toContain(`The spinner ${words}`)
})

test('time blocked before endIfBlocked does not count', async () => {
  const { child, log } = start('live')
  expect(await once(child, 'close')).toEqual([0, null])
  expect(log()).toBe('')
})

test('kills a blocked process when its parent has exited', async () => {
  const { child: parent } = start('parent')
  const [{ pid }] = await once(parent, 'message')
  expect(processInfo(pid)?.parent).toBe(parent.pid)
  parent.kill('SIGKILL')
  while (commandOf(pid) !== '') await pause(20)
})

test('processInfo gives parent and start time, null for an unknown id', () => {
  const mine = processInfo(process.pid)
  expect(mine).toEqual({ parent: process.ppid, started: expect.stringMatching(/\d/) })
  expect(processInfo(2 ** 22 + 1)).toBeNull()
})
