import { randomUUID } from 'node:crypto'

const KEY = Symbol.for('limerick.start')
const shelf = globalThis as unknown as Record<symbol, string | undefined>

/**
 * The id of this start of the studio, written beside everything that is under way: after the next start, what carries
 * another id was interrupted, whatever the clock says. Next's bundles share it, as they share the process.
 */
export function startId(): string {
  const id = shelf[KEY] ?? randomUUID()
  shelf[KEY] = id
  return id
}
