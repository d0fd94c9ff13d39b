/** Trainings as jobs of a Ray cluster, which go on whatever happens to the engine or to this computer. */
import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { z } from 'zod'
import { writeText } from '#lib/core/durable-file.ts'
import { apiError } from '../api-error.ts'
import type { Command, Launcher, RunState } from '../trainers/launcher.ts'
import { askToStop, type RunFolder } from '../trainers/run-folder.ts'
import { type ClusterClient, ClusterError, type ClusterJob } from './client.ts'

/** ms between two looks at a job. */
const LOOK = 2_000

/** In place of a process: the job of the cluster, which is written before it is submitted. */
const Submitted = z.object({
  submission: z.string(),
  number: z.number().int().positive(),
  /** Its end has been dealt with. */
  over: z.boolean(),
})
type Submitted = z.infer<typeof Submitted>

function read(run: RunFolder): Submitted | null {
  if (!existsSync(run.process)) return null
  const found = Submitted.safeParse(JSON.parse(readFileSync(run.process, 'utf8')))
  return found.success ? found.data : null
}

const write = (run: RunFolder, submitted: Submitted): void =>
  writeText(run.process, JSON.stringify(submitted))

/** POSIX shells take everything between single quotes as it is. */
const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`

/** The last job's, if it may not have been submitted; else a new one. */
function next(run: RunFolder, job: string): Submitted {
  const last = read(run)
  if (last && !last.over) return last
  const number = (last?.number ?? 0) + 1
  return { submission: `limerick-${job}-${number}`, number, over: false }
}

function stateOf({ status, message, driver_exit_code: code }: ClusterJob): RunState {
  const [words = ''] = (message ?? '').split('\n')
  if (status === 'RUNNING') return 'running'
  if (status === 'PENDING') return { waits: `waiting for the cluster to start it: ${words}` }
  return { code: code ?? null, reason: `the job of the cluster ended as ${status}: ${words}` }
}

/** @param jobOf name of the job that a run belongs to */
export function clusterLauncher(client: ClusterClient, jobOf: (run: RunFolder) => string): Launcher {
  async function state(run: RunFolder): Promise<RunState> {
    const submitted = read(run)
    if (!submitted || submitted.over) return null
    try {
      const job = await client.job(submitted.submission)
      return job ? stateOf(job) : { code: null, reason: 'the cluster does not know its job' }
    } catch (thrown) {
      if (thrown instanceof ClusterError) return { waits: thrown.message }
      throw thrown
    }
  }

  const forget = (run: RunFolder): void => {
    const submitted = read(run)
    if (submitted) write(run, { ...submitted, over: true })
  }

  return {
    look: LOOK,
    state,
    /** It does not end with this computer. */
    wasCutOff: () => false,

    /** @throws AppError `invalid` if the cluster does not take it; if it does not answer, its state tells so later */
    async start(run, { argv, env }: Command) {
      const submitted = next(run, jobOf(run))
      write(run, submitted)
      const root = realpathSync(run.root)
      const words = argv.map((word) => (word === run.root ? root : word))
      try {
        await client.submit({ id: submitted.submission, entrypoint: words.map(quoted).join(' '), env })
      } catch (thrown) {
        if (!(thrown instanceof ClusterError)) throw thrown
        if (thrown.kind === 'offline') return
        forget(run)
        throw apiError('invalid', `The job could not be given to the cluster: ${thrown.message}.`, {
          code: 'cluster_refused',
        })
      }
    },

    kill(run) {
      const submitted = read(run)
      if (!submitted || submitted.over) return
      // Also where the cluster cannot be reached: its processes look for this.
      askToStop(run, false)
      client.stop(submitted.submission).catch(() => undefined)
    },

    forget,
  }
}
