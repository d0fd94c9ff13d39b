import type { Kysely } from 'kysely'
import { automaticMethod, type Method } from './model/defaults.ts'
import type { EngineTables } from './tables.ts'
import type { WireSpeed } from './wire.ts'
import type { TrainerReport } from './worker/protocol.ts'

/**
 * Parameters times tokens per second, used before the first measurement on this computer: tests/bench/step.ts with
 * rows of 82 tokens on one core of a small busy machine, 600 tokens/s full and 1,150 tokens/s with an adapter for the
 * shipped model's 5.18 million parameters. Work per token grows with the parameters, so other models are estimated
 * from the same figure.
 */
const SHIPPED: Record<Method, number> = { full: 600 * 5.18e6, lora: 1_150 * 5.18e6 }

type Started = Extract<TrainerReport, { kind: 'started' }>
type Stepped = Extract<TrainerReport, { kind: 'step' }>

/**
 * Training tokens per second since a trainer's first step. Includes the time for checkpoints, because the user waits for
 * these too, and not that of validation: it depends on the validation file, not on the model.
 * @param epochs of the whole job
 */
export function meter({ step: first, totalSteps, tokensPerEpoch }: Started, epochs: number) {
  const began = performance.now()
  const tokensPerStep = (tokensPerEpoch * epochs) / totalSteps
  let validation = 0
  return {
    note({ validationSeconds }: Pick<Stepped, 'validationSeconds'>): void {
      validation += validationSeconds * 1000
    },
    /** @returns null while nothing has been trained */
    at(step: number): number | null {
      const trained = performance.now() - began - validation
      return step > first ? ((step - first) * tokensPerStep * 1000) / trained : null
    },
  }
}

/** Measured training throughput on this computer. */
export function throughputBook(db: Kysely<EngineTables>) {
  return {
    async note(base: string, method: Method, tokensPerSecond: number): Promise<void> {
      const found = { tokens_per_second: tokensPerSecond, measured_at: Date.now() }
      await db
        .insertInto('speeds')
        .values({ base, method, ...found })
        .onConflict((conflict) => conflict.columns(['base', 'method']).doUpdateSet(found))
        .execute()
    },

    /** Another model may take the name. */
    async forget(base: string): Promise<void> {
      await db.deleteFrom('speeds').where('base', '=', base).execute()
      await db.deleteFrom('trl_measures').where('base', '=', base).execute()
    },

    /** By the method that a job with this base model uses by default, or another one. */
    async of(base: string, parameters: number, method = automaticMethod(parameters)): Promise<WireSpeed> {
      const measured = await db
        .selectFrom('speeds')
        .select(['tokens_per_second', 'measured_at'])
        .where('base', '=', base)
        .where('method', '=', method)
        .executeTakeFirst()
      return {
        method,
        ...(measured ?? { tokens_per_second: SHIPPED[method] / parameters, measured_at: null }),
      }
    },
  }
}
export type SpeedBook = ReturnType<typeof throughputBook>
