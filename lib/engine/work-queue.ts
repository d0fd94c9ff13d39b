import { setTimeout as pause } from 'node:timers/promises'

/** Pause after an error, in ms. */
const RETRY = 5_000
/** Number of recent steps used for the estimate. */
const RECENT = 20

/** Not even the job's failure could be stored, for example because the disk is full: wait and retry. */
async function later(thrown: unknown): Promise<true> {
  process.stderr.write(`${thrown instanceof Error ? thrown.stack : String(thrown)}\n`)
  await pause(RETRY)
  return true
}

/** Repeats `work` while it finds something to do, then sleeps until the returned function is called. */
export function loop(work: () => Promise<boolean>): () => void {
  let woken = false
  let busy = false
  const run = async () => {
    busy = true
    while (woken) {
      woken = false
      while (await work().catch(later));
    }
    busy = false
  }
  return () => {
    woken = true
    if (!busy) void run()
  }
}

/** Estimates when the last step ends, in ms since 1970, from the pace of recent steps. */
export function pace(): (seconds: number, remaining: number) => number {
  const recent: number[] = []
  return (seconds, remaining) => {
    recent.push(seconds)
    if (recent.length > RECENT) recent.shift()
    const mean = recent.reduce((sum, each) => sum + each, 0) / recent.length
    return Date.now() + remaining * mean * 1000
  }
}
