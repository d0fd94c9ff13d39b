import { setTimeout as pause } from 'node:timers/promises'
import { noteUse } from '#lib/auth/api-keys.ts'
import { inTransaction } from '#lib/db/studio.ts'
import { failure, logInternal } from '#lib/http/failure.ts'
import { type CallRecord, deleteOldCalls, insertCalls } from './store.ts'

/** ms that records wait to be written together: a write to the disk delays every stream. */
const TOGETHER = 200

/** ms that a call stays in the log, and the most calls in it: a row takes some 300 bytes. */
const KEPT = 90 * 24 * 60 * 60 * 1000
const MOST = 100_000
/** Calls between two cleanups. */
const LOOK_EVERY = 1_000

interface Use {
  calls: number
  at: number
}

let calls: CallRecord[] = []
let uses = new Map<string, Use>()
let waiting = false
/** Calls until the next cleanup; the first call of a process runs one. */
let untilLook = 0

async function deleteOld(): Promise<void> {
  untilLook = LOOK_EVERY
  while (await deleteOldCalls(Date.now() - KEPT, MOST)) await pause(TOGETHER)
}

/** Writes waiting records now; also called when the process stops. */
export async function writeRecords(): Promise<void> {
  waiting = false
  const [ended, used] = [calls, uses]
  calls = []
  uses = new Map()
  if (ended.length + used.size === 0) return
  try {
    await inTransaction(async (db) => {
      await insertCalls(ended, db)
      for (const [id, { calls, at }] of used) await noteUse(id, calls, at, db)
    })
    untilLook -= ended.length
    if (untilLook < 0) await deleteOld()
  } catch (thrown) {
    // A failed write to the log must neither delay nor fail the caller's answer.
    logInternal(failure(thrown))
  }
}

function soon(): void {
  if (waiting) return
  waiting = true
  setTimeout(() => void writeRecords(), TOGETHER)
}

/** Records a use of an API key, written later. */
export function recordUse(keyId: string): void {
  const before = uses.get(keyId)?.calls ?? 0
  uses.set(keyId, { calls: before + 1, at: Date.now() })
  soon()
}

/** Logs how an answer ended. */
export function recordCall(call: CallRecord): void {
  calls.push(call)
  soon()
}
