import { lineText } from '#lib/training-data/formats/convert.ts'
import type { Outcome } from '#lib/training-data/formats/format.ts'
import { type ListWindow, outside, windowOn } from '#lib/training-data/formats/lists.ts'
import type { ImportPlan, Leftover } from '#lib/training-data/formats/plan.ts'
import { isByChoice, Reader } from '#lib/training-data/formats/reader.ts'
import { recordsIn } from './records.ts'
import type { ImportCounts, Refusal, Split } from './schema.ts'

/** Refused records that are listed; the rest is only counted. */
const LISTED = 100

/** Problems that mean the file was not read to its end. */
const INCOMPLETE: ReadonlySet<string> = new Set(['unfinished', 'unread', 'csv-unclosed'])

/** What did not become a row, or only in doubt. */
export type LeftOut = Omit<ImportCounts, 'added' | 'blank'>

/** The counts for unconverted lines: nothing refused, nothing left out. */
export const allRead = (): LeftOut => ({
  refused: [],
  refusedCount: 0,
  doubted: [],
  doubtedCount: 0,
  complete: true,
  left: [],
  notes: {},
})

/** A training line made from records of a file. */
export interface MadeLine {
  text: string
  /** Line of the file on which its first record begins. */
  at: number
  /** null unless the file has lists per split. */
  side: Split | null
}

/** One pass over the file. */
interface Pass {
  window: ListWindow | null
  side: Split | null
  yieldToEventLoop: () => Promise<void>
}

/** Converts the records of a file to training lines, and counts what does not become one. */
export class Reading {
  /** Lines made so far. */
  made = 0
  refusedCount = 0
  readonly #plan: ImportPlan
  readonly #reader: Reader
  readonly #refused: Refusal[] = []
  readonly #doubted: Refusal[] = []
  #doubtedCount = 0
  #complete = true
  #beside: Leftover[] = []

  constructor(plan: ImportPlan) {
    this.#plan = plan
    this.#reader = new Reader(plan)
  }

  /**
   * Streams the lines. In a file with lists for both splits, training lines come first.
   * @param open opens the file from its first byte, as UTF-8
   * @param yieldToEventLoop called after each record
   */
  async *lines(
    open: () => AsyncIterable<Uint8Array>,
    yieldToEventLoop: () => Promise<void> = async () => {},
  ): AsyncGenerator<MadeLine> {
    const { lists } = this.#plan
    if (!lists) return yield* this.#pass(open(), { window: null, side: null, yieldToEventLoop })
    for (const side of ['train', 'heldout'] as const) {
      const window = windowOn(lists, side)
      yield* this.#pass(open(), { window, side, yieldToEventLoop })
      this.#beside = outside(window, lists)
    }
  }

  leftOut(): LeftOut {
    const { left, notes } = this.#reader.report()
    return {
      refused: this.#refused,
      refusedCount: this.refusedCount,
      doubted: this.#doubted,
      doubtedCount: this.#doubtedCount,
      complete: this.#complete,
      left: [...left, ...this.#beside],
      notes,
    }
  }

  async *#pass(
    chunks: AsyncIterable<Uint8Array>,
    { window, side, yieldToEventLoop }: Pass,
  ): AsyncGenerator<MadeLine> {
    for await (const record of recordsIn(chunks, this.#plan, window, this.#reader.tell)) {
      if ('problem' in record) this.#refuse([record.line], record)
      else {
        if (record.doubt) this.#doubt({ line: record.line, ...record.doubt })
        yield* this.#settle(this.#reader.add(record.value, record.text, record.line), side)
      }
      await yieldToEventLoop()
    }
    yield* this.#settle(this.#reader.finish(), side)
  }

  *#settle(outcomes: Iterable<Outcome>, side: Split | null): Generator<MadeLine> {
    for (const outcome of outcomes) {
      if ('lines' in outcome) {
        this.made += outcome.lines.length
        for (const line of outcome.lines) yield { text: lineText(line), at: outcome.from[0] ?? 1, side }
      } else if (!isByChoice(outcome)) this.#refuse(outcome.from, outcome)
    }
  }

  #refuse(lines: readonly number[], { problem, values }: Omit<Refusal, 'line'>): void {
    if (INCOMPLETE.has(problem)) this.#complete = false
    for (const line of lines) {
      this.refusedCount++
      if (this.#refused.length < LISTED) this.#refused.push({ line, problem, values })
    }
  }

  /** The record was read, but perhaps not as intended. */
  #doubt(refusal: Refusal): void {
    this.#doubtedCount++
    if (this.#doubted.length < LISTED) this.#doubted.push(refusal)
  }
}
