import { randomUUID } from 'node:crypto'
import { processWide } from '#lib/core/process-wide.ts'

const start = processWide('start', () => ({ id: randomUUID() }))

/**
 * The id of this start of the studio, stored with all work in progress: after the next start, work with another id was
 * interrupted, whatever the clock says.
 */
export const startId = (): string => start.id
