// Plain JavaScript on purpose: a thread that loads TypeScript takes three times the memory. See watchdog.ts.
import { writeSync } from 'node:fs'
import { workerData } from 'node:worker_threads'

const { state, name, parent, tick, orphanPatience } = workerData
const [BEATS, STOP_WITHIN, BLOCKED_LIMIT, WAKE] = [0, 1, 2, 3]

function isGone(pid) {
  if (process.platform !== 'win32') return process.ppid !== pid
  try {
    process.kill(pid, 0)
    return false
  } catch {
    return true
  }
}

function end(reason) {
  writeSync(2, `${name} ${reason} and is ended.\n`)
  process.kill(process.pid, 'SIGKILL')
}

// Counts ticks, not clock time: a computer that slept or was busy must not use up these limits.
const waited = { orphaned: 0, stopping: 0, blocked: 0 }
let beats = 0
for (;;) {
  Atomics.wait(state, WAKE, 0, tick)
  const now = Atomics.load(state, BEATS)
  const blockedLimit = Atomics.load(state, BLOCKED_LIMIT)
  waited.blocked = blockedLimit > 0 && now === beats ? waited.blocked + tick : 0
  beats = now
  if (parent !== null && isGone(parent)) waited.orphaned += tick
  const within = Atomics.load(state, STOP_WITHIN)
  if (within > 0) waited.stopping += tick
  if (waited.orphaned > orphanPatience) end('has outlived its parent')
  if (within > 0 && waited.stopping > within) end(`was asked to stop, did not in ${within} ms,`)
  if (blockedLimit > 0 && waited.blocked > blockedLimit) end(`has not answered for ${blockedLimit} ms`)
}
