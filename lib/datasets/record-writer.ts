import { quotedCell } from '#lib/core/csv.ts'
import type { Named } from '#lib/training-data/formats/fields.ts'
import type { Loss, WriteTarget } from '#lib/training-data/formats/write-target.ts'
import { writeAs } from '#lib/training-data/formats/writing.ts'

// Programs read training tables: an answer that begins with a dash must not get an apostrophe.
const rowOf = (cells: readonly unknown[]): string =>
  `${cells.map((cell) => quotedCell(String(cell ?? ''))).join(',')}\r\n`

/** Writes records of one format as text. */
export class RecordWriter {
  readonly #target: WriteTarget
  /** Columns of a table, from its first row. */
  #columns: string[] | null = null

  constructor(target: WriteTarget) {
    this.#target = target
  }

  /** @returns `text` null when the format cannot represent the row */
  row(text: string | null): { text: string | null; lost: Loss[] } {
    const { record, lost } = writeAs(this.#target, text)
    if (record === null) return { text: null, lost }
    if (this.#target !== 'csv') return { text: `${JSON.stringify(record)}\n`, lost }
    return this.#cells(record, lost)
  }

  #cells(record: Named, lost: Loss[]): { text: string | null; lost: Loss[] } {
    const own = Object.keys(record)
    const header = this.#columns === null ? rowOf(own) : ''
    this.#columns ??= own
    if (own.join() !== this.#columns.join())
      return { text: null, lost: ['rejected' in record ? 'preference' : 'chat'] }
    return { text: header + rowOf(this.#columns.map((column) => record[column])), lost }
  }
}
