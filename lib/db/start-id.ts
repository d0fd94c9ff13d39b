import { randomUUID } from 'node:crypto'
import { processWide } from '#lib/core/process-wide.ts'

const start = processWide('start', () => ({ id: randomUUID() }))

/**
 * The id of this start of the studio, written beside everything that is under way: after the next start, what carries
 * another id was interrupted, whatever the clock says.
 */
export const startId = (): string => start.id
