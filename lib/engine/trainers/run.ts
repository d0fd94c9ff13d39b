/** A training in a run folder: its process, which may be started again or found, and its reports. */
import path from 'node:path'
import { pause } from '#lib/core/pause.ts'
import { printError } from '#lib/core/uncaught.ts'
import { AGAIN, isLast, type RunLine } from './contract.ts'
import { followLines, lookForLines } from './follow.ts'
import { type Command, capLog, type Ended, endOf, type Launcher } from './launcher.ts'
import { askToStop, claimedAt, forgetStop, isComplete, type RunFolder } from './run-folder.ts'
import type { Training, TrainingReport } from './training.ts'

/** ms for a process that has said its last line to end by itself, and for one that is killed out of reach. */
const FAREWELL = 10_000
/** Most starts of one training that end with `again`: from a batch of 256 rows to one row, and some more. */
const AGAINS = 12

export interface RunParts {
  run: RunFolder
  launcher: Launcher
  /** Number of the last line that has been stored. */
  seen: number
  command: () => Promise<Command>
  /** Makes a model folder of a complete checkpoint. @returns its path */
  adopt: (folder: string, step: number) => Promise<string>
  keepPatience: number
}

type Checkpoint = Extract<RunLine, { kind: 'checkpoint' }>

const metricsOf = ({ gradNorm: _, learningRate: __, ...metrics }: Checkpoint['metrics']) => metrics

/** The rest of the trainer's codes are the engine's too. */
const CODES: Record<string, string> = { oom: 'out_of_memory', disk: 'disk_full', internal: 'training_failed' }

/** What a line means to the engine; null: nothing. Checkpoints are their own matter. */
function reportOf(line: Exclude<RunLine, Checkpoint>): TrainingReport | null {
  const { v: _, at: __, ...report } = line
  switch (report.kind) {
    case 'step': {
      const { gradNorm, learningRate } = report.metrics
      const losses = report.losses ?? []
      return { ...report, metrics: metricsOf(report.metrics), losses, gradNorm, learningRate }
    }
    case 'failed': {
      const message = report.suggest ? `${report.message} What may help: ${report.suggest}.` : report.message
      return { ...report, code: CODES[report.code] ?? report.code, message }
    }
    case 'again':
      return null
    default:
      return report
  }
}

/**
 * Follows a run that is running, or ends after what is left to read of one that has ended. Does not start it.
 */
export function followRun({ run, launcher, seen: from, command, adopt, keepPatience }: RunParts): Training {
  let seen = from
  let last: RunLine | null = null
  let over = new AbortController()
  let left = false
  let killed = false
  let ended: Ended | null = null
  let waits: string | null = null

  const kill = (): void => {
    killed = true
    launcher.kill(run)
  }

  /** Ends the reading when the process has ended, has no more to say, or is killed and out of reach. */
  async function watch(mine: AbortController): Promise<void> {
    const began = claimedAt(run)
    let patience = FAREWELL
    while (!left) {
      const state = await launcher.state(run)
      if (state === null || endOf(state)) return
      waits = typeof state === 'object' && 'waits' in state ? state.waits : null
      capLog(run)
      // Not the last line of a process before this one.
      const isOver = last !== null && isLast(last) && last.at * 1000 > began
      if (isOver || (killed && waits !== null)) patience -= launcher.look
      if (patience < 0 && waits !== null) return
      if (patience < 0) launcher.kill(run)
      await pause(launcher.look, mine.signal)
    }
  }

  /** null: of lines that are read late the trainer has deleted the oldest checkpoints, or does so right now. */
  async function checkpointOf({ v: _, at: __, ...line }: Checkpoint): Promise<TrainingReport | null> {
    const folder = path.join(run.root, line.folder)
    if (!(await isComplete(folder))) return null
    try {
      return { ...line, folder: await adopt(folder, line.step), metrics: metricsOf(line.metrics) }
    } catch (thrown) {
      if (await isComplete(folder)) throw thrown
      return null
    }
  }

  async function* once(): AsyncGenerator<TrainingReport> {
    const mine = over
    const watching = watch(mine).finally(() => mine.abort())
    watching.catch(() => undefined) // thrown again below, when all is read
    let told: string | null = null
    for await (const line of lookForLines(run.events, seen, mine.signal)) {
      if (waits !== told) {
        told = waits
        if (waits !== null) yield { kind: 'heartbeat', doing: waits }
      }
      if (line === null) continue
      const report = line.kind === 'checkpoint' ? await checkpointOf(line) : reportOf(line)
      if (report) yield report
      ;[seen, last] = [line.seq, line]
    }
    await watching
  }

  const wantsMore = (): boolean =>
    last?.kind === 'again' || (ended?.code === AGAIN && !(last && isLast(last)))

  async function* reports(): AsyncGenerator<TrainingReport> {
    for (let starts = 0; ; starts++) {
      yield* once()
      if (left) return
      ended = endOf(await launcher.state(run))
      launcher.forget(run)
      if (!wantsMore() || starts === AGAINS) return
      ;[last, over] = [null, new AbortController()]
      await launcher.start(run, await command())
    }
  }

  return {
    reports: reports(),
    ended: async () => ended?.reason ?? 'nobody was there to learn why',
    stop({ keep, goesOn }) {
      try {
        askToStop(run, keep || goesOn)
      } catch (thrown) {
        printError(thrown) // its folder is away: it is killed after its patience
      }
    },
    keepPatience,
    kill,
    leave() {
      left = true
      over.abort()
    },
  }
}

/** Whether lines that have not been stored yet end the run. */
export async function hasEnded(run: RunFolder, seen: number): Promise<boolean> {
  let last: RunLine | null = null
  for await (const line of followLines(run.events, seen, AbortSignal.abort())) last = line
  return last !== null && isLast(last) && last.kind !== 'again'
}

/** Starts a run, or lets it go on after a stop. */
export async function startRun(parts: RunParts): Promise<Training> {
  forgetStop(parts.run)
  await parts.launcher.start(parts.run, await parts.command())
  return followRun(parts)
}
