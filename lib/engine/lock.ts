import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { z } from 'zod'
import { processInfo } from '#lib/core/process-info.ts'
import { lockFile } from '#lib/db/file-lock.ts'

/** Pause between two attempts, in ms. */
const RETRY = 25

/** Written beside the lock by its owner. The lock itself is the kernel's, so this file may be stale. */
const Owner = z.object({
  pid: z.number().int().positive(),
  /** Process id of the studio that started the owner. */
  parent: z.number().int(),
  started: z.string().nullable(),
})
type Owner = z.infer<typeof Owner>

const ownerFile = (folder: string): string => path.join(folder, 'lock-owner.json')

function writeOwner(folder: string): void {
  const { pid, ppid } = process
  const owner: Owner = { pid, parent: ppid, started: processInfo(pid)?.started ?? null }
  writeFileSync(ownerFile(folder), JSON.stringify(owner), { mode: 0o600 })
}

function readOwner(folder: string): Owner | null {
  try {
    return Owner.parse(JSON.parse(readFileSync(ownerFile(folder), 'utf8')))
  } catch {
    return null
  }
}

/** The process that wrote the file is still running, but its studio is not. */
function isOrphan({ pid, parent, started }: Owner): boolean {
  const found = processInfo(pid)
  return found !== null && found.started === started && found.parent !== parent
}

function inUse(folder: string, owner: Owner | null, cause: unknown): Error {
  const who = owner ? `process ${owner.pid}. End that one first` : 'another process'
  return new Error(`The engine's folder ${folder} is in use by ${who}.`, { cause })
}

/**
 * Makes this process the only owner of a folder for its lifetime: the kernel frees the lock when the process ends,
 * so a start right after kill -9 finds no stale lock. An engine whose studio has ended and that still holds the folder
 * after `patience` is killed: no client can reach it any more.
 * @param patience ms to wait for an owner that is shutting down
 * @throws Error that names the process, if an engine with a running studio owns the folder
 */
export async function lockFolder(folder: string, patience = 1_500): Promise<void> {
  const file = path.join(folder, 'lock.db')
  let ended: number | null = null
  for (let start = performance.now(); ; await pause(RETRY)) {
    const lock = lockFile(file)
    if (!('refusal' in lock)) return writeOwner(folder)
    if (performance.now() - start < patience) continue
    const owner = readOwner(folder)
    if (owner === null || owner.pid === ended || !isOrphan(owner)) throw inUse(folder, owner, lock.refusal)
    process.stderr.write(`Process ${owner.pid}, an engine that outlived its studio, is ended.\n`)
    process.kill(owner.pid, 'SIGKILL')
    ended = owner.pid
    start = performance.now()
  }
}
