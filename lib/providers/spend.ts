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

/** Default of `confirmAbove`, in micro-dollars. */
const DEFAULT_CONFIRM_ABOVE = 5_000_000

/** A reservation for something that is about to cost. Sums are micro-dollars. */
export interface Reservation {
  /** The id of the job, or a new one for anything else. */
  id: string
  providerId: ProviderId
  kind: 'job' | 'compare' | 'eval' | 'door'
  /** The most that it is expected to cost; null when no price is known. */
  estimate: number | null
  /** Per million trained tokens, if it is billed like that. */
  perMillion: number | null
  /** The sum that the user has confirmed. */
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
  const preset = providerId === 'embedded' ? null : DEFAULT_CONFIRM_ABOVE
  return {
    providerId,
    monthlyCap: orNull(set?.monthly_cap),
    confirmAbove: set ? orNull(set.confirm_above) : preset,
  }
}

const dollars = (microDollars: number): string => {
  const sum = microDollars / 1_000_000
  return `$${sum.toFixed(sum !== 0 && sum < 0.01 ? 4 : 2)}`
}

const unpriced = (limit: number) =>
  new AppError('needs_confirmation', ['providers.unpriced', { limit: dollars(limit) }], {
    facts: { cap: limit },
  })

function keepToLimit(
  estimate: number,
  limit: number,
  { spent, reserved }: Pick<Spending, 'spent' | 'reserved'>,
) {
  if (spent + reserved + estimate <= limit) return
  const values = {
    estimate: dollars(estimate),
    limit: dollars(limit),
    spent: dollars(spent),
    reserved: dollars(reserved),
  }
  throw new AppError('over_cap', ['providers.overLimit', values], {
    facts: { estimate, cap: limit, spent, reserved },
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

/**
 * @throws AppError needs_confirmation for a sum above the provider's limit for one, or an unknown sum under a spending
 * limit, that the user has not confirmed
 */
export async function expectConfirmed(
  { providerId, estimate, confirmed }: Reservation,
  db?: Db,
): Promise<void> {
  const { monthlyCap, confirmAbove } = await limitsOf(providerId, db)
  if (estimate !== null) return keepToConfirmed(estimate, confirmAbove, confirmed)
  if (monthlyCap !== null && confirmed === null) throw unpriced(monthlyCap)
}

async function reserveWithin({ estimate, ...request }: Reservation, db: Db): Promise<void> {
  const { id, providerId, kind, perMillion } = request
  await forgetSpend(id, db)
  // Something free is never refused.
  if (estimate === 0) return
  const { monthlyCap } = await limitsOf(providerId, db)
  const now = Date.now()
  if (monthlyCap !== null && estimate !== null)
    keepToLimit(estimate, monthlyCap, await sumsSince(providerId, monthOf(now), db))
  await expectConfirmed({ estimate, ...request }, db)
  if (estimate === null) return
  const sums = { per_million: perMillion, reserved: estimate, spent: null, settled_at: null }
  await insertSpend({ id, provider_id: providerId, kind, ...sums, created_at: now, start: startId() }, db)
}

/**
 * The one check before anything that costs: reserves the estimate if the limits allow it. Writes nothing for something
 * free or without a known price.
 * @param db the transaction that writes the intent: the reservation and its purpose exist together or not at all
 * @throws AppError over_cap; needs_confirmation for a sum, or an unknown one under a spending limit, that the user has
 * not confirmed
 */
export const reserve = (request: Reservation, db?: Db): Promise<void> =>
  db ? reserveWithin(request, db) : inTransaction((own) => reserveWithin(request, own))

/** Replaces the reservation by the actual cost. */
export const settle = (id: string, spent: number, db?: Db): Promise<void> => settleSpend(id, spent, db)

/** Releases a reservation: nothing was or will be paid. Its row stays, in case that turns out wrong. */
export const release = (id: string, db?: Db): Promise<void> => settleSpend(id, 0, db)

/** Restores a released reservation: it is under way after all. */
export const reopen = (id: string, db: Db): Promise<void> => reopenSpend(id, db)

/** After a start: answers that the last process left unfinished may have been billed in full. */
export const settleInterruptedAnswers = (): Promise<void> => settleForgotten(startId())

async function spendingOf(providerId: ProviderId): Promise<Spending> {
  const [limits, sums] = await Promise.all([limitsOf(providerId), sumsSince(providerId, monthOf(Date.now()))])
  return { ...limits, ...sums }
}

/** Limits and this month's sums of every provider here that bills. */
export const listSpending = (): Promise<Spending[]> =>
  Promise.all(
    listProviders()
      .filter(({ id }) => id !== 'embedded')
      .map(({ id }) => spendingOf(id)),
  )

/** Sets a provider's limits. @returns all spending after the change */
export async function setLimits({ providerId, monthlyCap, confirmAbove }: SpendLimits): Promise<Spending[]> {
  await keepLimits({ provider_id: providerId, monthly_cap: monthlyCap, confirm_above: confirmAbove })
  return listSpending()
}
