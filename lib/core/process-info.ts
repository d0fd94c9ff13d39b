import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** Identifies a running process even if a later one gets the same id. */
export interface ProcessInfo {
  parent: number
  /** Start time in the system's format: equal only for the same process. */
  started: string
}

/** `pid (command) state parent … started …`; the command may contain spaces and brackets. Source: proc(5). */
function fromProc(pid: number): ProcessInfo {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return { parent: Number(fields[1]), started: String(fields[19]) }
}

function fromPs(pid: number): ProcessInfo {
  const line = execFileSync('ps', ['-o', 'ppid=,lstart=', '-p', String(pid)], { encoding: 'utf8' })
  const [, parent, started] = /^\s*(\d+)\s+(.+?)\s*$/.exec(line) ?? []
  return { parent: Number(parent), started: String(started) }
}

/** @returns null when there is no such process, or the system gives no information */
export function processInfo(pid: number): ProcessInfo | null {
  try {
    return process.platform === 'linux' ? fromProc(pid) : fromPs(pid)
  } catch {
    return null
  }
}
