import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** Identifies a running process even if a later one gets the same id. */
export interface ProcessInfo {
  parent: number
  /** Start time in the system's format: equal only for the same process. */
  started: string
}

/** It has ended, and only its parent has not asked how. */
const isZombie = (state: string | undefined): boolean => state?.startsWith('Z') ?? false

/** `pid (command) state parent … started …`; the command may contain spaces and brackets. Source: proc(5). */
function fromProc(pid: number): ProcessInfo | null {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return isZombie(fields[0]) ? null : { parent: Number(fields[1]), started: String(fields[19]) }
}

function fromPs(pid: number): ProcessInfo | null {
  const line = execFileSync('ps', ['-o', 'stat=,ppid=,lstart=', '-p', String(pid)], { encoding: 'utf8' })
  const [, state, parent, started] = /^\s*(\S+)\s+(\d+)\s+(.+?)\s*$/.exec(line) ?? []
  return isZombie(state) ? null : { parent: Number(parent), started: String(started) }
}

/** @returns null when there is no such process, it has ended, or the system gives no information */
export function processInfo(pid: number): ProcessInfo | null {
  try {
    return process.platform === 'linux' ? fromProc(pid) : fromPs(pid)
  } catch {
    return null
  }
}

/** Another one after each start of the system, beyond which process ids and start times say nothing. */
export function bootId(): string {
  if (process.platform === 'linux') return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  return execFileSync('sysctl', ['-n', 'kern.boottime'], { encoding: 'utf8' }).trim()
}

/** A process and all that it has started, and these in turn, as far as they have not outlived their parent. */
export function processTree(root: number): number[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' }).split('\n')
  const pairs = lines.map((line) => line.trim().split(/\s+/).map(Number))
  const tree = [root]
  for (const parent of tree) for (const [pid = 0, of] of pairs) if (of === parent) tree.push(pid)
  return tree
}
