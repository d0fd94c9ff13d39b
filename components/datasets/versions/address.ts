import { type inferParserType, parseAsString } from 'nuqs/server'
import { DiffQuery } from '#lib/datasets/schema.ts'
import type { Sides } from './comparison.tsx'

/** Ids of versions, or `draft`. */
export const versionsAddress = { from: parseAsString, to: parseAsString }

const Compared = DiffQuery.pick({ from: true, to: true })

/** The two versions to compare; null if none are requested. */
export const sidesOf = ({ from, to }: inferParserType<typeof versionsAddress>): Sides | null =>
  Compared.safeParse({ from, to: to ?? undefined }).data ?? null
