import { z } from 'zod'
import { AppError } from '#lib/core/errors.ts'
import { examplesAt } from '#lib/datasets/examples-by-place.ts'
import { logInternal } from '#lib/http/failure.ts'
import { eventData } from './history-store.ts'
import { type BatchRow, Rewards, type StepRows } from './series-schema.ts'
import { findJob, type JobRecord } from './store.ts'
import { pointAt } from './sync-store.ts'
import { splitOf } from './view.ts'

/** The built-in engine's part of a metrics event: rows from 0, and the loss of each. */
const StepEvent = z.object({
  limerick: z.object({
    rows: z.array(z.number().int().min(0)).max(4_096),
    losses: z.array(z.number().nullable()).catch([]),
    epoch: z.number().nullish().catch(null),
    learning_rate: z.number().nullish().catch(null),
    grad_norm: z.number().nullish().catch(null),
    train_rewards: Rewards.nullish().catch(null),
  }),
})
type StepEvent = z.infer<typeof StepEvent>['limerick']

async function stepEventOf(jobId: string, eventId: string | null): Promise<StepEvent | null> {
  const json = eventId === null ? null : await eventData(jobId, eventId)
  return json === null ? null : (StepEvent.safeParse(JSON.parse(json)).data?.limerick ?? null)
}

/** Empty when the dataset is gone: the numbers can still be shown. */
async function examplesOf({ dataset_id, dataset_version_id, request_json }: JobRecord, rows: number[]) {
  if (dataset_id === null || dataset_version_id === null) return []
  try {
    return await examplesAt(dataset_id, dataset_version_id, splitOf(request_json), rows)
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown
    logInternal(thrown)
    return []
  }
}

async function rowsOf(job: JobRecord, { rows, losses }: StepEvent): Promise<BatchRow[]> {
  const examples = await examplesOf(job, rows)
  return rows.map((row, index) => {
    const { key = null, question = null, answer = null } = examples[index] ?? {}
    return { example: row + 1, loss: losses[index] ?? null, key, question, answer }
  })
}

/**
 * The rows that a step was trained on; `rows` is null when the provider does not report them.
 * @throws AppError not_found for an unknown job or step
 */
export async function getBatchRows(jobId: string, step: number): Promise<StepRows> {
  const job = await findJob(jobId)
  const point = Number.isInteger(step) ? await pointAt(jobId, step) : undefined
  if (!point) throw new AppError('not_found', ['jobs.stepUnknown', { step }], { param: 'step' })
  const event = await stepEventOf(jobId, point.event_id)
  return {
    step,
    epoch: event?.epoch ?? null,
    trainLoss: point.train_loss,
    learningRate: event?.learning_rate ?? null,
    gradNorm: event?.grad_norm ?? null,
    rewards: event?.train_rewards ?? null,
    rows: event && (await rowsOf(job, event)),
  }
}
