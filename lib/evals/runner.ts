import type { AppError } from '#lib/core/errors.ts'
import { pause } from '#lib/core/pause.ts'
import { Waker } from '#lib/core/waker.ts'
import { onChanges, type Table } from '#lib/db/changes.ts'
import { failure, logInternal } from '#lib/http/failure.ts'
import { nextAnswer, type Work, workOf } from './answer.ts'
import { adoptAnswers, settleAsked } from './answer-store.ts'
import { openCells, turnCells, ungradedCells, ungradedEvals } from './cell-store.ts'
import { evaluateCheckpoints } from './checkpoint-evals.ts'
import { pausesIn } from './get.ts'
import { Grading } from './grading.ts'
import type { Pause } from './schema.ts'
import { changeEval, type EvalRecord, evalsIn, updateEval } from './store.ts'

/** All in ms but `lanes`; parameters, so that tests need not wait. */
export interface EvalWaits {
  /** Least time between two rounds. */
  tick: number
  /** Between two looks for runs that have ended. */
  sweep: number
  /** One answer, from its request to its end. */
  longest: number
}

const WAITS: EvalWaits = { tick: 200, sweep: 2_000, longest: 300_000 }

/** Tables whose changes may give an evaluation something to do, and those that may make a job's checkpoints due. */
const EVAL_TABLES: readonly Table[] = ['evals', 'eval_cells', 'eval_answers']
const SWEPT_TABLES: readonly Table[] = ['jobs', 'job_checkpoints', 'dataset_versions', 'eval_sweeps']

/** Answers of one column that are asked for at once. */
const LANES_HERE = 2
const LANES_AWAY = 4

/** A column that fails so often in a row is left alone, so that its evaluation comes to an end. */
const MOST_FAILURES = 5

/** An evaluation that cannot be gone on with so often in a row has failed. */
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

/** Pauses that end by themselves, as a provider asked for. */
const endPauses = (evalId: string): Promise<void> =>
  changeEval(evalId, (record) => {
    const pauses = pausesIn(record)
    const left = pauses.filter(({ until }) => until === null || until > Date.now())
    return left.length < pauses.length ? { pauses_json: JSON.stringify(left), state: 'running' } : null
  })

const msTo = (time: number): number => time - Date.now()
const isRunning = ({ state }: EvalRecord): boolean => state === 'running'

/** Asks for the answers of every evaluation that is running. Each column has its own lanes: none waits for another. */
class Rounds {
  readonly #signal: AbortSignal
  readonly #longest: number
  readonly #works = new Map<string, Work>()
  /** Lanes under way, by evaluation and column. */
  readonly #lanes = new Map<string, number>()
  readonly #failures = new Map<string, number>()
  readonly #gradings = new Map<string, Grading>()
  #isGrading = false
  /** How often in a row a step of an evaluation threw. */
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

  /** One lane: asks answer after answer until there is nothing left to ask. */
  async #lane(work: Work, column: number): Promise<void> {
    const name = `${work.id} ${column}`
    while (!this.#signal.aborted) {
      const turn = await nextAnswer(work, column, { signal: this.#signal, longest: this.#longest })
      if (turn.kind === 'refused') await addPause(work.id, turn.pause)
      if (turn.kind === 'answered') this.#failures.delete(name)
      if (turn.kind === 'failed') await this.#failed(work, column)
      if (turn.kind !== 'answered' && turn.kind !== 'failed') return
    }
  }

  async #failed({ id }: Work, column: number): Promise<void> {
    const name = `${id} ${column}`
    const failures = (this.#failures.get(name) ?? 0) + 1
    this.#failures.set(name, failures)
    if (failures < MOST_FAILURES) return
    this.#failures.delete(name)
    await turnCells(id, ['waiting'], 'skipped', column)
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

  /** Opens the lanes that are missing, and sees whether an evaluation has come to its end, or to a halt. */
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
    if ((await ungradedCells(evalId, 1)).length === 0) await this.#end(evalId, 'done')
  }

  async #end(evalId: string, state: 'done' | 'paused'): Promise<void> {
    await changeEval(evalId, (record) =>
      record.state === 'running' ? { state, finished_at: state === 'done' ? Date.now() : null } : null,
    )
    this.#works.delete(evalId)
  }

  /** What goes wrong with one evaluation stays its own: several times in a row, and it has failed. */
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

  /** Grades in the background: a grader that takes long holds up nothing but other grades. */
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

  /** @returns ms until it has to look again, if nothing changes before; infinite where only a change gives it something to do */
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
  const work = new Rounds(signal, waits, waker.wake)
  let swept = Number.NEGATIVE_INFINITY
  let isSweepDue = true
  const unsubscribe = [
    onChanges(EVAL_TABLES, waker.wake),
    onChanges(SWEPT_TABLES, () => {
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
 * Asks in the background, in the one process that holds the data folder, for what evaluations still wait for; first for
 * what an earlier process left behind. Compares the checkpoints of each run of this computer when it has ended.
 * @returns when the signal has ended it and all that was under way
 */
export async function startEvals(signal: AbortSignal, waits: Partial<EvalWaits> = {}): Promise<void> {
  const all = { ...WAITS, ...waits }
  while (!signal.aborted) {
    try {
      // Whatever was asked was asked by a loop that has ended: there is one, and it waits for all that it began.
      await settleAsked()
      await rounds(signal, all)
    } catch (thrown) {
      logInternal(failure(thrown))
      await pause(all.tick * 5, signal)
    }
  }
}
