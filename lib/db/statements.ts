import type { DatabaseSync, StatementSync } from 'node:sqlite'

/** Prepared statements kept. `in (?, ?, …)` and inserts of many rows make a new text for each length. */
const KEPT = 500

/** Frees the memory of a statement at once. Node 24 has no call for this and leaves it to garbage collection. */
const release = (statement: StatementSync & Partial<Disposable>): void => statement[Symbol.dispose]?.()

/**
 * Prepares each text once and keeps the most recently used statements.
 * @returns the statement of a text; valid until `limit` other texts have been prepared
 */
export function statementCache(database: DatabaseSync, limit = KEPT): (text: string) => StatementSync {
  const kept = new Map<string, StatementSync>() // least recently used first
  return (text) => {
    const statement = kept.get(text) ?? database.prepare(text)
    kept.delete(text)
    kept.set(text, statement)
    const [oldest] = kept
    if (oldest && kept.size > limit) {
      kept.delete(oldest[0])
      release(oldest[1])
    }
    return statement
  }
}
