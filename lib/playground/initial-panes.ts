import { isActive, type JobDetail } from '#lib/jobs/schema.ts'
import type { ModelRef } from '#lib/models/schema.ts'
import { kindOf } from '#lib/providers/model-kind.ts'
import type { CatalogModel } from '#lib/providers/schema.ts'
import type { CompareRequest, Comparison } from './schema.ts'

/** Who is asked in a pane at first. */
export interface Seat extends ModelRef {
  fewShot: number
}

/** What the playground starts with. */
export interface Opening {
  /** The run that is looked at, for the heading. */
  run: { id: string; number: number; suffix: string | null } | null
  system: string
  prompt: string
  /** The system prompt of the run's training, to hold the one in use against; null without a run. */
  training: string | null
  /** The prompt is a question the training never saw. */
  heldOut: string | null
  /** One per pane; null is a pane whose model is still to be chosen. */
  panes: (Seat | null)[]
  /** Where few-shot examples come from; null without a run whose data is here. */
  data: CompareRequest['data']
  /** The job still trains: its model takes the pane that is to be chosen when it is there. */
  awaits: boolean
  /** One that was made before, as the address says. */
  comparison: Comparison | null
}

/** The part of a run that the playground looks at. */
export type Comparable = Pick<
  JobDetail,
  | 'id'
  | 'number'
  | 'status'
  | 'providerId'
  | 'model'
  | 'suffix'
  | 'fineTunedModel'
  | 'systemPrompt'
  | 'question'
  | 'datasetId'
  | 'datasetVersion'
>

const empty: Opening = {
  run: null,
  system: '',
  prompt: '',
  training: null,
  heldOut: null,
  panes: [],
  data: null,
  awaits: false,
  comparison: null,
}

const newestTuned = (models: readonly CatalogModel[]) =>
  models
    .filter(({ kind }) => kind === 'fine-tuned')
    .toSorted((a, b) => (b.createdAt ?? 0) - (a.createdAt ?? 0))[0]

const seatOf = (providerId: ModelRef['providerId'], model: string): Seat => ({
  providerId,
  model,
  fewShot: 0,
})

/** Base beside fine-tuned, with the training's system prompt and a question it never saw. */
export const openRun = (run: Comparable): Opening => ({
  ...empty,
  run: { id: run.id, number: run.number, suffix: run.suffix },
  system: run.systemPrompt ?? '',
  prompt: run.question ?? '',
  training: run.systemPrompt,
  heldOut: run.question,
  panes: [
    seatOf(run.providerId, run.model),
    run.fineTunedModel === null ? null : seatOf(run.providerId, run.fineTunedModel),
  ],
  data: run.datasetId ? { datasetId: run.datasetId, versionId: run.datasetVersion?.id ?? null } : null,
  awaits: run.fineTunedModel === null && isActive(run.status),
})

/** Without a run: the chosen models, else a base model; a single one stands beside its counterpart, or a place to choose one. */
export function openModels(models: readonly CatalogModel[], chosen: readonly (Seat | null)[]): Opening {
  if (chosen.length > 1) return { ...empty, panes: [...chosen] }
  const [only] = chosen
  const base = models.find(({ kind }) => kind === 'base')
  const tuned = newestTuned(models)
  const [left, right] = [base, tuned].map((model) => (model ? seatOf(model.providerId, model.id) : null))
  if (!only) return { ...empty, panes: [left ?? null, right ?? null] }
  return {
    ...empty,
    panes: kindOf(only.model) === 'base' ? [only, right ?? null] : [left ?? null, only],
  }
}
