import { readFileSync } from 'node:fs'
import { totalmem } from 'node:os'

function textOf(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}

/**
 * The folder of this process's memory control group: version 2 (`0::/path`), or 1 (`4:memory:/path`).
 * @param cgroups /proc/self/cgroup
 */
function groupFolder(cgroups: string): string {
  const [, old] = /^\d+:memory:(.*)$/m.exec(cgroups) ?? []
  const [, path = '/'] = /^0::(.*)$/m.exec(cgroups) ?? []
  return old === undefined ? `/sys/fs/cgroup${path}` : `/sys/fs/cgroup/memory${old}`
}

/** Bytes of files in a control group's cache, which the system gives up when a process needs them. */
export function cachedFiles(memoryStat: string): number {
  const lines = memoryStat.matchAll(/^(?:total_)?(?:in)?active_file (\d+)$/gm)
  return [...lines].reduce((sum, [, bytes]) => sum + Number(bytes), 0)
}

/**
 * Bytes that this process may still use. In a container Node subtracts all that counts towards its limit, the cache of
 * files too: that part is added again.
 */
export function freeMemory(): number {
  const available = process.availableMemory()
  const limit = process.constrainedMemory()
  if (process.platform !== 'linux' || limit === 0 || limit >= totalmem()) return available
  const stat = textOf(`${groupFolder(textOf('/proc/self/cgroup'))}/memory.stat`)
  return Math.min(limit, available + cachedFiles(stat))
}
