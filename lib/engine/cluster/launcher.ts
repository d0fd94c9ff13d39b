/** Trainings as jobs of a Ray cluster, which go on whatever happens to the engine or to this computer. */
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { z } from 'zod'
import { writeText } from '#lib/core/durable-file.ts'
import { apiError } from '../api-error.ts'
import type { Ended, Launcher, RunState } from '../trainers/launcher.ts'
import { askToStop, type RunFolder } from '../trainers/run-folder.ts'
import { type ClusterClient, ClusterError, type ClusterJob } from './client.ts'

/** ms between two looks at a job. */
const LOOK = 2_000

const Order = z.object({
  /** A line for a shell. */
  entrypoint: z.string(),
  env: z.record(z.string(), z.string()),
})
type Order = z.infer<typeof Order>

/** In place of a process: the job of the cluster. It is written before anything is sent. */
const Claim = Order.extend({
  submission: z.string(),
  number: z.number().int().positive(),
  /**
   * `sent`: whether the cluster has it is not known. `taken`: it has said so. `ending`: it is to end, and has not been
   * seen to. `over`: its end has been dealt with.
   */
  stage: z.enum(['sent', 'taken', 'ending', 'over']),
  /** What is submitted once an earlier job has ended. */
  next: Order.nullable(),
})
type Claim = z.infer<typeof Claim>

function read(run: RunFolder): Claim | null {
  if (!existsSync(run.process)) return null
  const found = Claim.safeParse(JSON.parse(readFileSync(run.process, 'utf8')))
  return found.success ? found.data : null
}

const write = (run: RunFolder, claim: Claim): void => writeText(run.process, JSON.stringify(claim))

/** POSIX shells take everything between single quotes as it is. */
const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`

const isOver = ({ status }: ClusterJob): boolean => status !== 'RUNNING' && status !== 'PENDING'

function stateOf({ status, message, driver_exit_code: code }: ClusterJob): RunState {
  const [words = ''] = (message ?? '').split('\n')
  if (status === 'RUNNING') return 'running'
  if (status === 'PENDING') return { waits: `waiting for the cluster to start it: ${words}` }
  return { code: code ?? null, reason: `the job of the cluster ended as ${status}: ${words}` }
}

/** @param jobOf name of the job that a run belongs to */
export function clusterLauncher(client: ClusterClient, jobOf: (run: RunFolder) => string): Launcher {
  /** Submissions whose end has been seen. */
  const seen = new Set<string>()

  const ended = ({ submission }: Claim, how: Ended): Ended => {
    seen.add(submission)
    return how
  }

  function claimNext(run: RunFolder, last: Claim | null, order: Order): Claim {
    const number = (last?.number ?? 0) + 1
    const submission = `limerick-${jobOf(run)}-${number}`
    const claim: Claim = { ...order, submission, number, stage: 'sent', next: null }
    write(run, claim)
    return claim
  }

  /** Under the same id as often as it takes: the cluster takes an id once. @throws ClusterError */
  async function submit(run: RunFolder, claim: Claim): Promise<void> {
    const { submission: id, entrypoint, env } = claim
    await client.submit({ id, entrypoint, env })
    write(run, { ...claim, stage: 'taken' })
  }

  /** A job that is to end; when it has, the next one is submitted. */
  async function endThenGoOn(run: RunFolder, claim: Claim, next: Order): Promise<RunState> {
    const job = await client.job(claim.submission)
    if (job && !isOver(job)) {
      await client.stop(claim.submission)
      return { waits: 'waiting for the cluster to end the earlier part of this training' }
    }
    await submit(run, claimNext(run, claim, next))
    return 'running'
  }

  async function look(run: RunFolder, claim: Claim): Promise<RunState> {
    const { stage, submission, next } = claim
    if (stage === 'ending') return next && endThenGoOn(run, claim, next)
    const job = await client.job(submission)
    if (job) {
      if (stage === 'sent') write(run, { ...claim, stage: 'taken' })
      const state = stateOf(job)
      return isOver(job) ? ended(claim, state as Ended) : state
    }
    if (stage === 'taken') return ended(claim, { code: null, reason: 'the cluster does not know its job' })
    await submit(run, claim)
    return 'running'
  }

  async function state(run: RunFolder): Promise<RunState> {
    const claim = read(run)
    if (!claim || claim.stage === 'over') return null
    try {
      return await look(run, claim)
    } catch (thrown) {
      if (!(thrown instanceof ClusterError)) throw thrown
      if (thrown.kind !== 'answer' || claim.stage === 'taken') return { waits: thrown.message }
      return ended(claim, {
        code: null,
        reason: `the job could not be given to the cluster: ${thrown.message}`,
      })
    }
  }

  return {
    look: LOOK,
    state,
    /** It does not end with this computer. */
    wasCutOff: () => false,

    /** @throws AppError `invalid` if the cluster does not take it; while it does not answer, the run's state says so */
    async start(run, { argv, env }) {
      const root = realpathSync(run.root)
      const words = argv.map((word) => (word === run.root ? root : word))
      const order = { entrypoint: words.map(quoted).join(' '), env }
      const last = read(run)
      if (last?.stage === 'ending') return write(run, { ...last, next: order })
      if (last && last.stage !== 'over') return
      try {
        await submit(run, claimNext(run, last, order))
      } catch (thrown) {
        if (!(thrown instanceof ClusterError)) throw thrown
        if (thrown.kind !== 'answer') return
        write(run, { ...(read(run) as Claim), stage: 'over' })
        throw apiError('invalid', `The job could not be given to the cluster: ${thrown.message}.`, {
          code: 'cluster_refused',
        })
      }
    },

    kill(run) {
      const claim = read(run)
      if (!claim || claim.stage === 'over' || seen.has(claim.submission)) return
      // Also where the cluster cannot be reached: its processes look for this. The folder may be away instead.
      try {
        askToStop(run, false)
      } catch {}
      client.stop(claim.submission).catch(() => undefined)
    },

    /** One whose end nobody has seen may still be at work: nothing else starts before it has ended. */
    forget(run) {
      const claim = read(run)
      if (!claim || claim.stage === 'over') return
      write(run, { ...claim, stage: seen.has(claim.submission) ? 'over' : 'ending', next: null })
    },
  }
}
