import type { Db } from '#lib/db/studio.ts'
import { costOf } from '#lib/providers/prices.ts'
import { settle } from '#lib/providers/spend.ts'
import { type SpendRecord, spendRecord } from '#lib/providers/spend-store.ts'

/** What the cost of an ended job depends on. */
export interface EndedJob {
  status: string
  trained_tokens: number | null
  running_at: number | null
  step: number | null
  total_steps: number | null
}

/** Share of the steps that were trained; 1 when unknown. */
const share = ({ step, total_steps }: EndedJob): number =>
  total_steps ? Math.min(1, (step ?? 0) / total_steps) : 1

/**
 * Micro-dollars: trained tokens at the price of the launch; 0 if training never began; else the trained share of the
 * reservation.
 */
function costOfJob(job: EndedJob, spend: Pick<SpendRecord, 'per_million' | 'reserved'>): number {
  const { status, trained_tokens, running_at, step } = job
  if (status !== 'succeeded' && running_at === null && !step) return 0
  if (trained_tokens !== null && spend.per_million !== null)
    return costOf({ perMillion: Number(spend.per_million) }, trained_tokens)
  const reserved = Number(spend.reserved)
  return status === 'succeeded' ? reserved : Math.ceil(reserved * share(job))
}

/** Replaces a job's reservation by its cost. Does nothing for a job without a reservation. */
export async function settleJob(jobId: string, job: EndedJob, db: Db): Promise<void> {
  const spend = await spendRecord(jobId, db)
  if (spend) await settle(jobId, costOfJob(job, spend), db)
}
