import 'server-only'
import { freeSpace, RESERVE } from '#lib/disk/space.ts'
import { env } from '#lib/env.ts'
import type { Space } from './schema.ts'

/** Bytes below which a page warns: about two checkpoints of a small model, and an import. */
const LOW = 256 * 1024 * 1024

const stateOf = (free: number): Space['state'] => (free < RESERVE ? 'full' : free < LOW ? 'low' : 'enough')

export async function getSpace(): Promise<Space> {
  const free = await freeSpace(env().dataFolder)
  return { free: Number.isFinite(free) ? free : null, state: stateOf(free) }
}
