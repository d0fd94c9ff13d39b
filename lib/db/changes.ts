import { processWide } from '#lib/core/process-wide.ts'
import type { StudioTables } from './tables.ts'

export type Table = keyof StudioTables

/** Called with the table that has changed; null: any table. */
type Listener = (table: Table | null) => void

const listeners = processWide<Set<Listener>>('changes', () => new Set())

/**
 * Calls `changed` after each commit that wrote to one of the tables. This process has the only handle that writes to them,
 * except the dataset worker, which reports its changes. A listener that reads after subscribing misses nothing.
 * @returns unsubscribes
 */
export function onChanges(tables: readonly Table[], changed: () => void): () => void {
  const listener: Listener = (table) => {
    if (table === null || tables.includes(table)) changed()
  }
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Reports a change of a table to the listeners; null: any table. */
export function noteChange(table: Table | null): void {
  for (const listener of [...listeners]) listener(table)
}

/** Statements that change nothing; here `with` only begins reads. */
const READS = /^\s*(?:select|with|pragma|explain|begin|commit|rollback|savepoint|release)\b/i

/** A statement that writes to the rows of one table. */
const WRITES =
  /^\s*(?:(?:insert|replace)(?:\s+or\s+\w+)?\s+into|update(?:\s+or\s+\w+)?|delete\s+from)\s+"?(\w+)/i

/** Collects the tables that one handle writes to until the commit. */
export class WrittenTables {
  readonly #open = new Set<Table | null>()

  /**
   * Called after every statement of the handle.
   * @param rows rows written
   * @param isOpen whether a transaction is open after it
   */
  note(statement: string, rows: number, isOpen: boolean): void {
    if (!READS.test(statement)) {
      const table = WRITES.exec(statement)?.[1] as Table | undefined
      if (!table) this.#open.add(null)
      else if (rows > 0) this.#open.add(table)
    }
    if (isOpen || this.#open.size === 0) return
    const committed = [...this.#open]
    this.#open.clear()
    for (const table of committed) noteChange(table)
  }
}
