import { GRADING_LIMIT } from './limit.ts'
import 'server-only'
import { type ChildProcess, fork } from 'node:child_process'
import path from 'node:path'
import { childEnv } from '#lib/core/child-env.ts'
import { AppError, type ErrorWords } from '#lib/core/errors.ts'
import { processWide } from '#lib/core/process-wide.ts'
import type { Graded, GradingReport, GradingRequest } from './protocol.ts'
import { type Grade, type Grader, notGraded } from './schema.ts'

/** The process exits after this long without work, in ms: its tables take some 100 MB. */
const IDLE = 60_000

/** ms from its start until it has read its tables. */
const STARTING_LIMIT = 60_000

/** MB of JavaScript heap: an answer that needs more ends the process, and spares this computer's memory. */
const MOST_MEMORY = 512

/** Reading and computing, nothing else: no network, no writing, no processes. */
const FLAGS = ['--permission', '--allow-fs-read=*', `--max-old-space-size=${MOST_MEMORY}`]

/** Outcome of a request: a report, a timeout, or the end of the process. */
type Outcome = GradingReport | { kind: 'late' } | { kind: 'died' }

interface Grading {
  child?: ChildProcess
  idle?: NodeJS.Timeout
  /** Tail of the queue: the process handles one request at a time. */
  line: Promise<unknown>
}

const here = processWide<Grading>('evals.grading', () => ({ line: Promise.resolve() }))

/** A pending answer keeps the studio alive; an idle child does not. */
function keepAlive({ child }: Grading, alive: boolean): void {
  for (const one of [child, child?.channel]) alive ? one?.ref() : one?.unref()
}

function end(child: ChildProcess): void {
  if (here.child === child) here.child = undefined
  child.kill('SIGKILL')
}

/** The child's next message. A timeout kills the child: a computation cannot be stopped in any other way. */
function nextReport(child: ChildProcess, limit: number): Promise<Outcome> {
  const { promise, resolve } = Promise.withResolvers<Outcome>()
  const died = () => resolve({ kind: 'died' })
  child.once('message', resolve)
  child.once('exit', died)
  child.once('error', died)
  // A report that came in while this thread was busy is read before the timeout counts.
  const timer = setTimeout(() => setImmediate(resolve, { kind: 'late' }), limit)
  return promise
    .then((outcome) => {
      if (outcome.kind === 'late' || outcome.kind === 'died') end(child)
      return outcome
    })
    .finally(() => {
      clearTimeout(timer)
      child.off('message', resolve)
      child.off('exit', died)
      child.off('error', died)
    })
}

/** @throws AppError unavailable when the process cannot be started */
async function ready(): Promise<ChildProcess> {
  if (here.child?.connected) return here.child
  // The process runs in the folder of the project; bundles of this file live elsewhere.
  const entry = path.resolve(/* turbopackIgnore: true */ 'lib/evals/graders/main.ts')
  const child = fork(entry, {
    env: childEnv(),
    execArgv: FLAGS,
    serialization: 'advanced',
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  child.on('error', () => end(child))
  child.once('exit', () => end(child))
  here.child = child
  if ((await nextReport(child, STARTING_LIMIT)).kind === 'ready') return child
  throw new AppError('unavailable', 'evals.gradingNotStarted')
}

async function answerTo(request: GradingRequest, limit: number): Promise<Outcome> {
  clearTimeout(here.idle)
  try {
    const child = await ready()
    keepAlive(here, true)
    child.send(request, () => {}) // a closed channel is reported by the exit of the child
    return await nextReport(child, limit)
  } finally {
    keepAlive(here, false)
    here.idle = setTimeout(() => here.child?.disconnect(), IDLE).unref()
  }
}

/** Queues a request. */
function ask(request: GradingRequest, limit: number): Promise<Outcome> {
  const answer = here.line.then(() => answerTo(request, limit))
  here.line = answer.catch(() => undefined)
  return answer
}

/**
 * Grades an answer in the grading process.
 * @param limit ms
 * @returns a grade without a score when the grader throws, takes longer than `limit` or crashes two processes
 * @throws AppError unavailable when there is no such process
 */
export async function gradeAnswer(grader: Grader, graded: Graded, limit = GRADING_LIMIT): Promise<Grade> {
  const request: GradingRequest = { kind: 'grade', grader, graded }
  const first = await ask(request, limit)
  // The system may have killed the process: only an answer that ends two of them is at fault.
  const outcome = first.kind === 'died' ? await ask(request, limit) : first
  if (outcome.kind === 'graded') return outcome.grade
  return notGraded(outcome.kind === 'late' ? 'late' : 'died')
}

const unusable = (words: ErrorWords): AppError => new AppError('invalid', words, { param: 'graders' })

/**
 * Tries a grader on short answers before it is stored.
 * @param limit ms
 * @throws AppError invalid when it cannot be read, fails or takes longer than `limit`; unavailable
 */
export async function checkGrader(grader: Grader, limit = GRADING_LIMIT): Promise<void> {
  const outcome = await ask({ kind: 'try', grader }, limit)
  if (outcome.kind === 'tried' && outcome.error) throw unusable(outcome.error.error)
  if (outcome.kind === 'late') throw unusable(['evals.graderTooSlow', { seconds: limit / 1000 }])
  if (outcome.kind !== 'tried') throw unusable('evals.graderTooLarge')
}
