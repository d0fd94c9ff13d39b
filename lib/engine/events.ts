import type { Insertable, Kysely, Selectable } from 'kysely'
import type { z } from 'zod'
import { newId } from '#lib/core/ids.ts'
import { listOf, type Paging, placeOf } from './paging.ts'
import type { EngineTables, EventsTable } from './tables.ts'
import {
  type CutData,
  type FailureData,
  type List,
  type StepData,
  seconds,
  type WireEvent,
  type WireRewards,
} from './wire.ts'
import type { StepMetrics, TrainerReport } from './worker/protocol.ts'

/** An event without id and time. */
export interface Draft {
  topic: string | null
  message: string
  level?: EventsTable['level']
  type?: EventsTable['type']
  data?: StepData | FailureData | CutData
}

type StepReport = Extract<TrainerReport, { kind: 'step' }>

/** Our metrics under OpenAI's names; a value that was not measured has no key. */
export function metricsOnWire(metrics: StepMetrics) {
  const named = {
    train_loss: metrics.trainLoss,
    train_mean_token_accuracy: metrics.trainAccuracy,
    valid_loss: metrics.validLoss,
    valid_mean_token_accuracy: metrics.validAccuracy,
    full_valid_loss: metrics.fullValidLoss,
    full_valid_mean_token_accuracy: metrics.fullValidAccuracy,
  }
  return Object.fromEntries(Object.entries(named).filter(([, value]) => value != null)) as Partial<
    Record<keyof typeof named, number>
  >
}

/** Ours, of pairs only. */
export function rewardsOnWire(metrics: StepMetrics): Partial<WireRewards> {
  const { trainRewards, validRewards, fullValidRewards } = metrics
  return {
    ...(trainRewards && { train_rewards: trainRewards }),
    ...(validRewards && { valid_rewards: validRewards }),
    ...(fullValidRewards && { full_valid_rewards: fullValidRewards }),
  }
}

const lossNames: readonly ['trainLoss' | 'validLoss' | 'fullValidLoss', string][] = [
  ['trainLoss', 'training loss'],
  ['validLoss', 'validation loss'],
  ['fullValidLoss', 'full validation loss'],
]

/** Replaces the loss when a batch has no trained tokens. */
const NOTHING = 'nothing to learn in this batch'

/** `Step 1/100: training loss=0.14`, of pairs also `reward margin=1.30` */
export function stepDraft({ step, totalSteps, metrics, gradNorm, ...report }: StepReport): Draft {
  const { epoch, rows, losses, seconds, learningRate } = report
  const words = lossNames.flatMap(([key, name]) => {
    const value = metrics[key]
    return value == null ? [] : [`${name}=${value.toFixed(2)}`]
  })
  const { trainRewards } = metrics
  if (trainRewards) words.push(`reward margin=${trainRewards.margin.toFixed(2)}`)
  return {
    topic: `step:${step}`,
    message: `Step ${step}/${totalSteps}: ${metrics.trainLoss === null ? [NOTHING, ...words].join(', ') : words.join(', ')}`,
    type: 'metrics',
    data: {
      step,
      total_steps: totalSteps,
      ...metricsOnWire(metrics),
      limerick: {
        ...{ rows, losses, seconds, epoch, learning_rate: learningRate, grad_norm: gradNorm },
        ...rewardsOnWire(metrics),
      },
    },
  }
}

const rowOf = (job: string, draft: Draft): Insertable<EventsTable> => ({
  id: newId('ftevent-'),
  job_id: job,
  topic: draft.topic,
  created_at: Date.now(),
  level: draft.level ?? 'info',
  type: draft.type ?? 'message',
  message: draft.message,
  data_json: JSON.stringify(draft.data ?? {}),
})

/** Writes events in order. Skips an event whose topic the job already has: events never change once served. */
export async function tell(db: Kysely<EngineTables>, job: string, drafts: Draft[]): Promise<void> {
  if (drafts.length === 0) return
  await db
    .insertInto('events')
    .values(drafts.map((draft) => rowOf(job, draft)))
    .onConflict((conflict) => conflict.columns(['job_id', 'topic']).doNothing())
    .execute()
}

const onWire = (row: Selectable<EventsTable>): WireEvent => ({
  object: 'fine_tuning.job.event',
  id: row.id,
  created_at: seconds(row.created_at),
  level: row.level,
  message: row.message,
  type: row.type,
  data: JSON.parse(row.data_json),
})

/** Newest first. */
export async function listEvents(
  db: Kysely<EngineTables>,
  job: string,
  { limit, after }: z.infer<ReturnType<typeof Paging>>,
): Promise<List<WireEvent>> {
  const place = after === undefined ? null : await placeOf(db, { table: 'events', job }, after)
  const rows = await db
    .selectFrom('events')
    .selectAll()
    .where('job_id', '=', job)
    .$if(place !== null, (query) => query.where('seq', '<', place))
    .orderBy('seq', 'desc')
    .limit(limit + 1)
    .execute()
  return listOf(rows, limit, onWire)
}

/** `data` of every training step of a job, in order. */
export async function stepsOf(db: Kysely<EngineTables>, job: string): Promise<StepData[]> {
  const rows = await db
    .selectFrom('events')
    .select('data_json')
    .where('job_id', '=', job)
    .where('type', '=', 'metrics')
    .orderBy('seq')
    .execute()
  return rows.map(({ data_json }) => JSON.parse(data_json))
}
