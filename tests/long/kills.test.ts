import { setTimeout as pause } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { type Ledger, openLedger, writers } from '../support/ledger.ts'
import { checkLedger } from '../support/ledger-checks.ts'
import { commandOf, discard, family, type Studio, startStudio } from '../support/studio.ts'

const KILLS = Number(process.env.LIMERICK_KILLS ?? 300)

/** Whom a kill hits: everything at one instant, or one process; of those that are not there, everything instead. */
const TARGETS: (RegExp | null)[] = [
  null,
  null,
  null,
  /lib\/start\.js/,
  /engine\/main\.ts/,
  /datasets\/worker\/main\.ts/,
  /engine\/worker\/main\.ts train/,
  /engine\/worker\/main\.ts generate/,
  /evals\/graders\/main\.ts/,
]

/** ms between the moment that all write and the kill. */
const LONGEST = 2_000

/** ms. Three hundred kills take half an hour on an idle machine. */
const LIMIT = 6 * 3_600_000

/** Everybody writes one thing after the other until told to stop. A request that fails acknowledges nothing. */
function writing(studio: Studio, ledger: Ledger): { stop(): Promise<void>; wrong: Error[] } {
  let stopped = false
  const wrong: Error[] = []
  const loops = writers.map(async (writer) => {
    while (!stopped) {
      await writer.act(studio, ledger).catch((thrown: Error) => {
        if (/as if it were whole/.test(thrown.message)) wrong.push(thrown)
      })
      await pause(writer.pause)
    }
  })
  return {
    wrong,
    async stop() {
      stopped = true
      await Promise.all(loops)
    },
  }
}

/** @returns whether the studio itself is gone */
async function kill(studio: Studio, target: RegExp | null): Promise<boolean> {
  const hit = target && family(studio.pid).find((pid) => target.test(commandOf(pid)))
  if (!hit) await studio.killAll()
  else process.kill(hit, 'SIGKILL')
  return !hit || hit === studio.pid
}

test(`${KILLS} kills of the running product: everything that was acknowledged is there after each`, {
  timeout: LIMIT,
}, async () => {
  let studio = await startStudio()
  const ledger = await openLedger(studio)
  const seen = new Set<string>()
  const restarts: number[] = []
  for (let turn = 0; turn < KILLS; turn++) {
    const { stop, wrong } = writing(studio, ledger)
    await pause(Math.random() * LONGEST)
    const gone = await kill(studio, TARGETS[turn % TARGETS.length] ?? null)
    await stop()
    expect(wrong).toEqual([])
    const before = performance.now()
    if (gone) studio = await startStudio({ dataFolder: studio.dataFolder, port: studio.port })
    if (gone) restarts.push(performance.now() - before)
    await checkLedger(studio, ledger, seen)
    if (turn % 20 === 19) console.info(`${turn + 1} kills`, ledger.counts())
  }
  restarts.sort((a, b) => a - b)
  console.info(
    `${restarts.length} starts, ms: median ${restarts[restarts.length >> 1]}, longest ${restarts.at(-1)}`,
  )
  await discard(studio)
})
