import { AppError } from '#lib/core/errors.ts'
import { startId } from '#lib/db/start-id.ts'
import { type Db, inTransaction } from '#lib/db/studio.ts'
import { listProviders } from './registry.ts'
import type { ProviderId, Spending, SpendLimits } from './schema.ts'
import {
  forgetSpend,
  insertSpend,
  keepLimits,
  limitsRecord,
  reopenSpend,
  settleForgotten,
  settleSpend,
  sumsSince,
} from './spend-store.ts'

/** Above this a single thing needs a second yes, until a person sets another sum. Micro-dollars. */
const USUAL_CONFIRM_ABOVE = 5_000_000

/** Something that is about to cost. Sums are micro-dollars. */
export interface Reservation {
  /** The run's id, or one of its own. */
  id: string
  providerId: ProviderId
  kind: 'job' | 'compare' | 'eval' | 'door'
  /** The most that it is expected to come to; null where no price is known. */
  estimate: number | null
  /** Per million trained tokens, where it is billed like that. */
  perMillion: number | null
  /** What a person has said yes to. */
  confirmed: number | null
}

/** ms at which the calendar month began (UTC), by which limits are counted. */
export function monthOf(at: number): number {
  const day = new Date(at)
  return Date.UTC(day.getUTCFullYear(), day.getUTCMonth())
}

const orNull = (sum: number | null | undefined): number | null => (sum == null ? null : Number(sum))

async function limitsOf(providerId: ProviderId, db?: Db): Promise<SpendLimits> {
  const set = await limitsRecord(providerId, db)
  const usual = providerId === 'embedded' ? null : USUAL_CONFIRM_ABOVE
  return {
    providerId,
    monthlyCap: orNull(set?.monthly_cap),
    confirmAbove: set ? orNull(set.confirm_above) : usual,
  }
}

const dollars = (microDollars: number): string => {
  const sum = microDollars / 1_000_000
  return `$${sum.toFixed(sum !== 0 && sum < 0.01 ? 4 : 2)}`
}

const unpriced = (cap: number) =>
  new AppError('needs_confirmation', ['providers.unpriced', { limit: dollars(cap) }], { facts: { cap } })

function keepToCap(estimate: number, cap: number, { spent, reserved }: Pick<Spending, 'spent' | 'reserved'>) {
  if (spent + reserved + estimate <= cap) return
  const values = {
    estimate: dollars(estimate),
    limit: dollars(cap),
    spent: dollars(spent),
    reserved: dollars(reserved),
  }
  throw new AppError('over_cap', ['providers.overLimit', values], {
    facts: { estimate, cap, spent, reserved },
  })
}

function keepToConfirmed(estimate: number, limit: number | null, confirmed: number | null): void {
  if (limit === null || estimate <= limit || (confirmed !== null && estimate <= confirmed)) return
  throw new AppError(
    'needs_confirmation',
    ['providers.needsConfirmation', { estimate: dollars(estimate), limit: dollars(limit) }],
    { facts: { estimate, limit } },
  )
}

async function reserveWithin({ estimate, ...wish }: Reservation, db: Db): Promise<void> {
  const { id, providerId, kind, perMillion, confirmed } = wish
  await forgetSpend(id, db)
  // What costs nothing is never refused.
  if (estimate === 0) return
  const { monthlyCap, confirmAbove } = await limitsOf(providerId, db)
  if (estimate === null) {
    if (monthlyCap !== null && confirmed === null) throw unpriced(monthlyCap)
    return
  }
  const now = Date.now()
  if (monthlyCap !== null) keepToCap(estimate, monthlyCap, await sumsSince(providerId, monthOf(now), db))
  keepToConfirmed(estimate, confirmAbove, confirmed)
  const sums = { per_million: perMillion, reserved: estimate, spent: null, settled_at: null }
  await insertSpend({ id, provider_id: providerId, kind, ...sums, created_at: now, start: startId() }, db)
}

/**
 * The one gate before anything that costs: sets the estimate aside where the limits allow it. Nothing is written for
 * what is free, nor where no price is known.
 * @param db the transaction that writes the intent: what is set aside and what it is for exist together or not at all
 * @throws AppError over_cap; needs_confirmation for a sum, or an unknown one under a cap, that nobody said yes to
 */
export const reserve = (wish: Reservation, db?: Db): Promise<void> =>
  db ? reserveWithin(wish, db) : inTransaction((own) => reserveWithin(wish, own))

/** What it came to takes the place of what was set aside. */
export const settle = (id: string, spent: number, db?: Db): Promise<void> => settleSpend(id, spent, db)

/** Nothing was or will be paid for it. Its line stays, for the case that it turns out otherwise. */
export const release = (id: string, db?: Db): Promise<void> => settleSpend(id, 0, db)

/** It is under way after all: what was set aside counts again. */
export const reopen = (id: string, db: Db): Promise<void> => reopenSpend(id, db)

/** After a start: answers that were under way when the last process ended may have been billed whole. */
export const settleInterruptedAnswers = (): Promise<void> => settleForgotten(startId())

async function spendingOf(providerId: ProviderId): Promise<Spending> {
  const [limits, sums] = await Promise.all([limitsOf(providerId), sumsSince(providerId, monthOf(Date.now()))])
  return { ...limits, ...sums }
}

/** Limits and this month's sums of every provider here that can cost. */
export const listSpending = (): Promise<Spending[]> =>
  Promise.all(
    listProviders()
      .filter(({ id }) => id !== 'embedded')
      .map(({ id }) => spendingOf(id)),
  )

/** Sets what a provider may cost. @returns all spending as it then stands */
export async function setLimits({ providerId, monthlyCap, confirmAbove }: SpendLimits): Promise<Spending[]> {
  await keepLimits({ provider_id: providerId, monthly_cap: monthlyCap, confirm_above: confirmAbove })
  return listSpending()
}
