import type { Kysely } from 'kysely'
import type { Objective } from '../model/defaults.ts'
import type { EngineTables, Tuning } from '../tables.ts'

/** What a measurement holds for. */
export interface Measured {
  base: string
  method: Tuning
  objective: Objective
  /** Name of the GPU, or CPU. */
  device: string
}

export interface Lessons {
  tokensPerSecond: number | null
  /** Memory measured, as a share of what was estimated, within limits; 1 before a job has been measured. */
  memoryFactor: number
  /** ms since 1970. */
  measuredAt: number | null
}

/** Times what was measured: a later step may take more. */
const MARGIN = 1.05

/** Far below the estimate, something else was measured. */
const LEAST = 0.5

/** Far above it too; and the jobs refused because of it could never correct it. */
const MOST = 1.5

const bounded = (factor: number): number => Math.min(MOST, Math.max(LEAST, factor))

/** What jobs of trl have taught about training here: how fast it is, and how far the estimate of memory was off. */
export function trlMeasures(db: Kysely<EngineTables>) {
  const keep = (
    of: Measured,
    found: { tokens_per_second: number } | { memory_factor: number },
  ): Promise<unknown> => {
    const facts = { ...found, measured_at: Date.now() }
    return db
      .insertInto('trl_measures')
      .values({ tokens_per_second: null, memory_factor: null, ...of, ...facts })
      .onConflict((conflict) =>
        conflict.columns(['base', 'method', 'objective', 'device']).doUpdateSet(facts),
      )
      .execute()
  }

  return {
    noteSpeed: (of: Measured, tokensPerSecond: number) => keep(of, { tokens_per_second: tokensPerSecond }),

    /** @param measured bytes of the first step, of which `estimate` were expected */
    noteMemory: (of: Measured, measured: number, estimate: number) =>
      keep(of, { memory_factor: (MARGIN * measured) / estimate }),

    async of({ base, method, objective, device }: Measured): Promise<Lessons> {
      const found = await db
        .selectFrom('trl_measures')
        .select(['tokens_per_second', 'memory_factor', 'measured_at'])
        .where('base', '=', base)
        .where('method', '=', method)
        .where('objective', '=', objective)
        .where('device', '=', device)
        .executeTakeFirst()
      return {
        tokensPerSecond: found?.tokens_per_second ?? null,
        memoryFactor: bounded(found?.memory_factor ?? 1),
        measuredAt: found?.measured_at ?? null,
      }
    },
  }
}
export type TrlMeasures = ReturnType<typeof trlMeasures>
