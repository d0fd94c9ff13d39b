import { setTimeout as pause } from 'node:timers/promises'

/** In ms. */
const RETRY = 5_000
/** The estimate looks at this many last steps. */
const RECENT = 20

/** Not even the failure of a job could be written down, as on a full disk: the work waits, and is tried again. */
async function later(thrown: unknown): Promise<true> {
  process.stderr.write(`${thrown instanceof Error ? thrown.stack : String(thrown)}\n`)
  await pause(RETRY)
  return true
}

/** Repeats `work` as long as it finds something to do, then sleeps until the function it returns is called. */
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

/** Milliseconds since 1970 at which the last step should end, from the pace of the latest ones. */
export function pace(): (seconds: number, remaining: number) => number {
  const recent: number[] = []
  return (seconds, remaining) => {
    recent.push(seconds)
    if (recent.length > RECENT) recent.shift()
    const mean = recent.reduce((sum, each) => sum + each, 0) / recent.length
    return Date.now() + remaining * mean * 1000
  }
}
