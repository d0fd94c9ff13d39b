import { failure, logInternal } from '#lib/http/failure.ts'
import { pause } from '#lib/http/sse.ts'
import { nextAnswer, type Work, workOf } from './answer.ts'
import { pausesIn } from './get.ts'
import type { Pause } from './schema.ts'
import {
  cachedCells,
  type EvalRecord,
  evalsIn,
  keepCached,
  maybeEval,
  openCells,
  settleAsked,
  turnCells,
  updateEval,
} from './store.ts'
import { sweepEnded } from './sweep.ts'

/** All in ms but `lanes`; parameters, so that tests need not wait. */
export interface EvalWaits {
  /** Between two glances at which evaluations go on. */
  tick: number
  /** Between two looks for runs that have ended. */
  sweep: number
  /** One answer, from its request to its end. */
  longest: number
}

const WAITS: EvalWaits = { tick: 200, sweep: 2_000, longest: 300_000 }

/** Answers of one column that are asked for at once. */
const LANES_HERE = 2
const LANES_AWAY = 4

/** A column that fails so often in a row is left alone, so that its evaluation comes to an end. */
const MOST_FAILURES = 5

/** Answers that are known already, graded and written down; none of them is asked for. */
async function takeCached(work: Work): Promise<void> {
  for (;;) {
    const cells = await cachedCells(work.id)
    if (cells.length === 0) return
    await keepCached(
      work.id,
      cells.map(({ text, expected, question, ...cell }) => ({
        ...cell,
        grades: work.grade(text, { expected, question }),
      })),
    )
  }
}

async function addPause(evalId: string, added: Pause): Promise<void> {
  const record = await maybeEval(evalId)
  if (!record) return
  const others = pausesIn(record).filter(({ providerId }) => providerId !== added.providerId)
  await updateEval(evalId, { pauses_json: JSON.stringify([...others, added]) })
}

/** Asks for the answers of every evaluation that goes on. Each column has lanes of its own: none waits for another. */
class Rounds {
  readonly #signal: AbortSignal
  readonly #longest: number
  readonly #works = new Map<string, Work>()
  /** Lanes under way, by evaluation and column. */
  readonly #lanes = new Map<string, number>()
  readonly #failures = new Map<string, number>()
  readonly #underWay = new Set<Promise<void>>()

  constructor(signal: AbortSignal, { longest }: EvalWaits) {
    this.#signal = signal
    this.#longest = longest
  }

  async #work(record: EvalRecord): Promise<Work> {
    const work = this.#works.get(record.id) ?? (await workOf(record))
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
    const lane = this.#lane(work, column)
      .catch((thrown: unknown) => logInternal(failure(thrown)))
      .finally(() => {
        change(-1)
        this.#underWay.delete(lane)
      })
    this.#underWay.add(lane)
  }

  /** Opens the lanes that are missing, and sees whether an evaluation has come to its end, or to a halt. */
  async look(record: EvalRecord): Promise<void> {
    const work = await this.#work(record)
    await takeCached(work)
    const held = new Set<string>(pausesIn(record).map(({ providerId }) => providerId))
    const open = await openCells(work.id)
    if (open.length === 0) return this.#end(record.id, 'done')
    const free = open.filter(({ column }) => !held.has(work.columns[column]?.providerId ?? ''))
    const busy = open.some(({ asked }) => asked > 0)
    if (free.length === 0 && !busy) return this.#end(record.id, 'paused')
    for (const { column, waiting } of free) {
      const most = work.columns[column]?.providerId === 'embedded' ? LANES_HERE : LANES_AWAY
      const lanes = this.#lanes.get(`${work.id} ${column}`) ?? 0
      for (let lane = lanes; lane < Math.min(most, lanes + waiting); lane++) this.#open(work, column)
    }
  }

  async #end(evalId: string, state: 'done' | 'paused'): Promise<void> {
    const known = await maybeEval(evalId)
    if (known?.state !== 'running') return
    await updateEval(evalId, { state, finished_at: state === 'done' ? Date.now() : null })
    this.#works.delete(evalId)
  }

  async ended(): Promise<void> {
    await Promise.all(this.#underWay)
  }
}

/** Pauses that end by themselves, as a provider asked for. */
async function endPauses(): Promise<void> {
  for (const record of await evalsIn('running', 'paused')) {
    const pauses = pausesIn(record)
    const left = pauses.filter(({ until }) => until === null || until > Date.now())
    if (left.length < pauses.length)
      await updateEval(record.id, { pauses_json: JSON.stringify(left), state: 'running' })
  }
}

async function rounds(signal: AbortSignal, waits: EvalWaits): Promise<void> {
  const work = new Rounds(signal, waits)
  let swept = Number.NEGATIVE_INFINITY
  try {
    while (!signal.aborted) {
      if (performance.now() - swept > waits.sweep) {
        swept = performance.now()
        await sweepEnded()
      }
      await endPauses()
      for (const record of await evalsIn('running')) await work.look(record)
      await pause(waits.tick, signal)
    }
  } finally {
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
