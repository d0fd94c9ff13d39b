import { AppError, type ErrorWords } from '#lib/core/errors.ts'
import { verdict } from '#lib/datasets/verdict.ts'
import { catalogSoon } from '#lib/providers/catalog.ts'
import { costOf, trainingPrice } from '#lib/providers/prices.ts'
import type { Reservation } from '#lib/providers/spend.ts'
import { listPrices } from '#lib/providers/training-price-list.ts'
import type { RuleId } from '#lib/training-data/issue.ts'
import { billedTokens, epochRuleOf, resolve } from '#lib/training-data/plan.ts'
import type { FrozenData } from './freeze-data.ts'
import type { DataChoice, JobDraft } from './schema.ts'
import { versionIn } from './version-in.ts'

/** Tokens that a job will be billed for: every token of its rows in every epoch, with `auto` epochs estimated. */
function billedFor(
  { providerId, training, hyperparameters }: JobDraft,
  { training: version, size }: FrozenData,
): number {
  const examples = training.split === 'train' ? version.trainRows : version.heldoutRows
  const { nEpochs } = resolve(hyperparameters, examples, epochRuleOf(providerId))
  return billedTokens({ tokens: size.tokens, nEpochs: nEpochs.value })
}

/** The reservation for a job, computed by the server: the form's own sum is never trusted. */
export async function reservationFor(draft: JobDraft, pinned: FrozenData): Promise<Reservation> {
  const { id, providerId, model, confirmed } = draft
  const price = trainingPrice(await listPrices(), providerId, model)
  return {
    id,
    providerId,
    kind: 'job',
    estimate: price && costOf(price, billedFor(draft, pinned)),
    perMillion: price?.perMillion ?? null,
    // Callers other than the form may leave it out.
    confirmed: confirmed ?? null,
  }
}

/**
 * Refuses a base model that its provider has shut down: its fine-tuned model could not be asked. When the provider does
 * not answer soon, it is left to refuse itself; models of this computer are never shut down.
 * @throws AppError invalid, with the date
 */
export async function refuseShutDown({ providerId, model }: JobDraft): Promise<void> {
  if (providerId === 'embedded') return
  const date = (await catalogSoon(providerId))?.find(({ id }) => id === model)?.shutdownDate
  if (!date || date > new Date().toISOString().slice(0, 10)) return
  throw new AppError('invalid', ['jobs.shutDown', { model, date }], {
    param: 'model',
    facts: { shutdownDate: date },
  })
}

interface RefusedRows {
  count: number
  /** Of how many rows. */
  all: number
  /** Numbers of the first ones: `1, 2, 3, 4, 5, …`. */
  named: string
}

/**
 * Why a destination cannot train on rows, by the failed rule. Too few rows and broken rows are for the provider to
 * refuse.
 */
const REFUSALS: Partial<Record<RuleId, (rows: RefusedRows, context: number | null) => ErrorWords>> = {
  'over-context': (rows, context) => ['jobs.answerCutOff', { ...rows, context: String(context) }],
  'preference-unsupported': (rows) => ['jobs.preferences', { ...rows }],
  'tools-unsupported': (rows) => ['jobs.tools', { ...rows }],
  'image-part-unsupported': (rows) => ['jobs.images', { ...rows }],
  'turns-not-alternating': (rows) => ['jobs.notAlternating', { ...rows }],
}

async function refuseRows(choice: DataChoice, draft: JobDraft, param: string) {
  const { datasetId, split } = choice
  const { providerId, model } = draft
  const version = versionIn(draft, choice) ?? undefined
  const { rows, context, groups } = await verdict(datasetId, { providerId, model, split, version })
  for (const { rule, severity, count, issues } of groups) {
    const words = severity === 'error' ? REFUSALS[rule] : undefined
    if (!words) continue
    const first = issues.flatMap(({ row }) => row ?? []).slice(0, 5)
    const named = [...first, ...(count > first.length ? ['…'] : [])].join(', ')
    const refused = { count, all: rows, named }
    throw new AppError('invalid', words(refused, context), { param, facts: { rule, rows: count } })
  }
}

/**
 * Refuses rows that the model cannot learn from, by the same verdict that the form shows.
 * @throws AppError invalid, with the rows
 */
export async function refuseUnlearnable(draft: JobDraft): Promise<void> {
  await refuseRows(draft.training, draft, 'training.datasetId')
  if (draft.validation) await refuseRows(draft.validation, draft, 'validation.datasetId')
}
