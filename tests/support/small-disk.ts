import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

/** A disk of a few megabytes, visible only to processes started with its command. */
export interface SmallDisk {
  /** Its path for such a process. */
  folder: string
  /** Command prefix that starts such a process. */
  through: string[]
  /** Its path for all other processes. */
  outside: string
  /** Fills the disk up to this many free bytes. */
  fill(free?: number): void
  /** Deletes what `fill` has written. */
  empty(): void
  close(): Promise<void>
}

const NAMESPACE = ['--user', '--map-root-user', '--mount']

/** Whether an ordinary user can mount a disk: Linux with user namespaces. */
export const hasSmallDisks = (): boolean =>
  process.platform === 'linux' &&
  spawnSync('unshare', [...NAMESPACE, 'mount', '-t', 'tmpfs', 'tmpfs', tmpdir()]).status === 0

/** Bytes that are written at once. */
const BLOCK = 4096

/** Creates a disk in memory. @param size bytes */
export async function smallDisk(size: number): Promise<SmallDisk> {
  const folder = mkdtempSync(path.join(tmpdir(), 'limerick-disk-'))
  const script = `mount -t tmpfs -o size=${size} tmpfs "$0" && echo ready && exec sleep 600`
  const holder = spawn('unshare', [...NAMESPACE, 'sh', '-c', script, folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(holder.stdout, 'data')
  const outside = `/proc/${holder.pid}/root${folder}`
  const filler = path.join(outside, 'filler')
  return {
    folder,
    outside,
    through: [
      ...['nsenter', '-t', String(holder.pid), '--user', '--mount', '--preserve-credentials'],
      ...[`--wd=${process.cwd()}`, '--'],
    ],
    fill(free = 0) {
      const { bavail, bsize } = statfsSync(outside)
      const wanted = Math.floor((bavail * bsize - free) / BLOCK) * BLOCK
      if (wanted > 0) writeFileSync(filler, Buffer.alloc(wanted), { flag: 'a' })
    },
    empty: () => rmSync(filler, { force: true }),
    async close() {
      const gone = once(holder, 'exit')
      holder.kill('SIGKILL')
      await gone
      rmdirSync(folder)
    },
  }
}
