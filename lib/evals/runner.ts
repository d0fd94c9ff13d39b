import type { AppError } from '#lib/core/errors.ts'
import { pause } from '#lib/core/pause.ts'
import { Waker } from '#lib/core/waker.ts'
import { onChanges, type Table } from '#lib/db/changes.ts'
import { failure, logInternal } from '#lib/http/failure.ts'
import { nextAnswer, type Work, workOf } from './answer.ts'
import { adoptAnswers, settleAsked } from './answer-store.ts'
import { openCells, setCellState, ungradedCells, ungradedEvals } from './cell-store.ts'
import { evaluateCheckpoints } from './checkpoint-evals.ts'
import { pausesIn } from './get.ts'
import { Grading } from './grading.ts'
import { noteEarlierScores, noteScores } from './note-scores.ts'
import type { Pause } from './schema.ts'
import { changeEval, type EvalRecord, evalsIn, maybeEval, updateEval } from './store.ts'

/** All in ms; parameters, so that tests need not wait. */
export interface EvalWaits {
  /** Least time between two rounds. */
  tick: number
  /** Between two looks for jobs that have ended. */
  sweep: number
  /** One answer, from its request to its end. */
  longest: number
}

const WAITS: EvalWaits = { tick: 200, sweep: 2_000, longest: 300_000 }

/** Tables whose changes may give an evaluation something to do, and those that may make a job's checkpoints due. */
const EVAL_TABLES: readonly Table[] = ['evals', 'eval_cells', 'eval_answers']
const CHECKPOINT_TABLES: readonly Table[] = ['jobs', 'job_checkpoints', 'dataset_versions', 'eval_sweeps']

/** Answers of one column that are asked for at once: the built-in engine writes eight of one model in one step. */
const LANES_HERE = 8
const LANES_AWAY = 4

/** A column is skipped after so many failures in a row, so that its evaluation comes to an end. */
const MOST_FAILURES = 5

/** An evaluation fails after so many exceptions in a row. */
const MOST_THROWS = 3

async function failEval(evalId: string, error: AppError): Promise<void> {
  const error_json = JSON.stringify(error.toWire().error)
  await updateEval(evalId, { state: 'failed', error_json, finished_at: Date.now() })
}

const addPause = (evalId: string, added: Pause): Promise<void> =>
  changeEval(evalId, (record) => {
    const others = pausesIn(record).filter(({ providerId }) => providerId !== added.providerId)
    return { pauses_json: JSON.stringify([...others, added]) }
  })

/** Ends pauses whose time is over. */
const endPauses = (evalId: string): Promise<void> =>
  changeEval(evalId, (record) => {
    const pauses = pausesIn(record)
    const left = pauses.filter(({ until }) => until === null || until > Date.now())
    return left.length < pauses.length ? { pauses_json: JSON.stringify(left), state: 'running' } : null
  })

const msTo = (time: number): number => time - Date.now()
const isRunning = ({ state }: EvalRecord): boolean => state === 'running'

/**
 * Asks for the answers of every running evaluation. Each column has its own lanes (parallel requests): none waits for
 * another column.
 */
class EvalLoop {
  readonly #signal: AbortSignal
  readonly #longest: number
  readonly #works = new Map<string, Work>()
  /** Open lanes, by evaluation and column. */
  readonly #lanes = new Map<string, number>()
  readonly #failures = new Map<string, number>()
  readonly #gradings = new Map<string, Grading>()
  #isGrading = false
  /** Exceptions in a row, for each step of an evaluation. */
  readonly #throws = new Map<string, number>()
  readonly #underWay = new Set<Promise<void>>()
  readonly #wake: () => void

  /** @param wake called when a lane or a grading has ended, and when a step is to be tried again */
  constructor(signal: AbortSignal, { longest }: EvalWaits, wake: () => void) {
    this.#signal = signal
    this.#longest = longest
    this.#wake = wake
  }

  #work(record: EvalRecord): Work {
    const work = this.#works.get(record.id) ?? workOf(record)
    this.#works.set(record.id, work)
    return work
  }

  /** One lane: asks for one answer after the other until none is left. */
  async #lane(work: Work, column: number): Promise<void> {
    const name = `${work.id} ${column}`
    while (!this.#signal.aborted) {
      const outcome = await nextAnswer(work, column, { signal: this.#signal, longest: this.#longest })
      if (outcome.kind === 'refused') await addPause(work.id, outcome.pause)
      if (outcome.kind === 'answered') this.#failures.delete(name)
      if (outcome.kind === 'failed') await this.#failed(work, column)
      if (outcome.kind !== 'answered' && outcome.kind !== 'failed') return
    }
  }

  async #failed({ id }: Work, column: number): Promise<void> {
    const name = `${id} ${column}`
    const failures = (this.#failures.get(name) ?? 0) + 1
    this.#failures.set(name, failures)
    if (failures < MOST_FAILURES) return
    this.#failures.delete(name)
    await setCellState(id, ['waiting'], 'skipped', column)
  }

  #open(work: Work, column: number): void {
    const name = `${work.id} ${column}`
    const change = (by: number) => this.#lanes.set(name, (this.#lanes.get(name) ?? 0) + by)
    change(1)
    const lane = this.#try(`lane ${column}`, work.id, () => this.#lane(work, column))
    this.#follow(lane.finally(() => change(-1)))
  }

  #follow(work: Promise<void>): void {
    const followed = work.finally(() => {
      this.#underWay.delete(followed)
      this.#wake()
    })
    this.#underWay.add(followed)
  }

  /** Opens missing lanes, and notices when an evaluation has to end or pause. */
  async #look(record: EvalRecord): Promise<void> {
    const work = this.#work(record)
    await adoptAnswers(work.id)
    const held = new Set<string>(pausesIn(record).map(({ providerId }) => providerId))
    const open = await openCells(work.id)
    if (open.length === 0) return this.#done(record.id)
    const free = open.filter(({ column }) => !held.has(work.columns[column]?.providerId ?? ''))
    const busy = open.some(({ asked }) => asked > 0)
    if (free.length === 0 && !busy) return this.#end(record.id, 'paused')
    for (const { column, waiting } of free) {
      const most = work.columns[column]?.providerId === 'embedded' ? LANES_HERE : LANES_AWAY
      const lanes = this.#lanes.get(`${work.id} ${column}`) ?? 0
      for (let lane = lanes; lane < Math.min(most, lanes + waiting); lane++) this.#open(work, column)
    }
  }

  async #done(evalId: string): Promise<void> {
    if ((await ungradedCells(evalId, 1)).length > 0) return
    await this.#end(evalId, 'done')
    const jobId = (await maybeEval(evalId))?.job_id
    if (jobId) await noteScores(jobId)
  }

  async #end(evalId: string, state: 'done' | 'paused'): Promise<void> {
    await changeEval(evalId, (record) =>
      record.state === 'running' ? { state, finished_at: state === 'done' ? Date.now() : null } : null,
    )
    this.#works.delete(evalId)
  }

  /** An exception in one evaluation does not affect others; after several in a row that evaluation fails. */
  async #try(step: string, evalId: string, work: () => Promise<void>): Promise<void> {
    const name = `${step} ${evalId}`
    try {
      await work()
      this.#throws.delete(name)
    } catch (thrown) {
      const error = failure(thrown)
      logInternal(error)
      const throws = (this.#throws.get(name) ?? 0) + 1
      this.#throws.set(name, throws)
      if (throws < MOST_THROWS) return this.#wake()
      this.#throws.delete(name)
      this.#works.delete(evalId)
      await failEval(evalId, error)
    }
  }

  async #gradeAll(records: readonly EvalRecord[]): Promise<void> {
    for (const record of records) await this.#try('grade', record.id, () => this.#grade(record))
    const ids = new Set(records.map(({ id }) => id))
    for (const id of this.#gradings.keys()) if (!ids.has(id)) this.#gradings.delete(id)
  }

  async #grade(record: EvalRecord): Promise<void> {
    const grading = this.#gradings.get(record.id) ?? new Grading(record)
    this.#gradings.set(record.id, grading)
    await grading.someMore(this.#signal)
  }

  /** Grades in the background: a slow grader delays only other grades. */
  #openGrading(records: readonly EvalRecord[]): void {
    this.#isGrading = true
    this.#follow(
      this.#gradeAll(records)
        .catch((thrown: unknown) => logInternal(failure(thrown)))
        .finally(() => {
          this.#isGrading = false
        }),
    )
  }

  /**
   * @returns ms until the next round if nothing changes before; infinite when only a change gives it something to do
   */
  async round(): Promise<number> {
    const open = await evalsIn('running', 'paused')
    const ends = open.flatMap((record) => pausesIn(record).flatMap(({ until }) => until ?? []))
    const over = ends.some((until) => until <= Date.now())
    if (over) for (const { id } of open) await this.#try('pause', id, () => endPauses(id))
    const running = over ? await evalsIn('running') : open.filter(isRunning)
    for (const record of running) await this.#try('look', record.id, () => this.#look(record))
    const ungraded = this.#isGrading ? [] : await ungradedEvals()
    if (ungraded.length > 0) this.#openGrading(ungraded)
    return Math.max(0, Math.min(...ends.map(msTo)))
  }

  async ended(): Promise<void> {
    await Promise.all(this.#underWay)
  }
}

async function rounds(signal: AbortSignal, waits: EvalWaits): Promise<void> {
  const waker = new Waker()
  const work = new EvalLoop(signal, waits, waker.wake)
  let swept = Number.NEGATIVE_INFINITY
  let isSweepDue = true
  const unsubscribe = [
    onChanges(EVAL_TABLES, waker.wake),
    onChanges(CHECKPOINT_TABLES, () => {
      isSweepDue = true
      waker.wake()
    }),
  ]
  try {
    while (!signal.aborted) {
      if (isSweepDue && performance.now() - swept > waits.sweep) {
        isSweepDue = false
        swept = performance.now()
        await evaluateCheckpoints(signal)
      }
      const idle = await work.round()
      await waker.sleep({ least: waits.tick, most: isSweepDue ? Math.min(idle, waits.sweep) : idle, signal })
    }
  } finally {
    for (const end of unsubscribe) end()
    await work.ended()
  }
}

/**
 * Works on evaluations in the background, in the one process that holds the data folder; first on those that an earlier
 * process left. Evaluates the checkpoints of each job of this computer when it has ended.
 * @returns when the signal has ended it and all its work
 */
export async function startEvals(signal: AbortSignal, waits: Partial<EvalWaits> = {}): Promise<void> {
  const all = { ...WAITS, ...waits }
  while (!signal.aborted) {
    try {
      // Every unfinished request is of an earlier process: this process has one loop, which waits for all of its own.
      await settleAsked()
      await noteEarlierScores()
      await rounds(signal, all)
    } catch (thrown) {
      logInternal(failure(thrown))
      await pause(all.tick * 5, signal)
    }
  }
}
