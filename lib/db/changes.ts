import { processWide } from '#lib/core/process-wide.ts'
import type { StudioTables } from './tables.ts'

export type Table = keyof StudioTables

/** Told which table has changed; null: perhaps any. */
type Listener = (table: Table | null) => void

const listeners = processWide<Set<Listener>>('changes', () => new Set())

/**
 * Calls back after each commit that wrote to one of the tables: this process holds the only handle that writes to them, but
 * for the worker of the datasets, which says so itself. A listener that reads after it subscribed misses nothing.
 * @returns ends it
 */
export function onChanges(tables: readonly Table[], changed: () => void): () => void {
  const listener: Listener = (table) => {
    if (table === null || tables.includes(table)) changed()
  }
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Says that a table has changed. */
export function noteChange(table: Table | null): void {
  for (const listener of [...listeners]) listener(table)
}

/** Statements that change nothing; `with` opens no other here. */
const READS = /^\s*(?:select|with|pragma|explain|begin|commit|rollback|savepoint|release)\b/i

/** A statement that writes to the rows of one table. */
const WRITES =
  /^\s*(?:(?:insert|replace)(?:\s+or\s+\w+)?\s+into|update(?:\s+or\s+\w+)?|delete\s+from)\s+"?(\w+)/i

/** Collects the tables that one handle writes to, until they are committed. */
export class WrittenTables {
  readonly #open = new Set<Table | null>()

  /**
   * Called after every statement of the handle.
   * @param rows how many it wrote, where it writes rows
   * @param isOpen a transaction is open after it
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
