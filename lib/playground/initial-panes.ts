import type { JobDetail } from '#lib/jobs/schema.ts'
import { isActive } from '#lib/jobs/status.ts'
import type { ModelRef } from '#lib/models/schema.ts'
import { kindOf } from '#lib/providers/model-kind.ts'
import type { CatalogModel } from '#lib/providers/schema.ts'
import type { CompareRequest, Comparison, Preset } from './schema.ts'

/** The model of a pane at first. */
export interface PaneModel extends ModelRef {
  fewShot: number
}

/** The playground's initial state. */
export interface Opening {
  /** The job that is compared, for the heading. */
  run: Pick<JobDetail, 'id' | 'number' | 'name' | 'suffix'> | null
  system: string
  prompt: string
  /** The system prompt of the job's training, to compare the current one with; null without a job. */
  training: string | null
  /** The prompt is a question from the held-out rows. */
  heldOut: string | null
  /** One per pane; null is a pane whose model is still to be chosen. */
  panes: (PaneModel | null)[]
  /** Source of few-shot examples; null without a job whose data is here. */
  data: CompareRequest['data']
  /** The job still runs: its model is put into the empty pane when it is there. */
  awaits: boolean
  /** The comparison that the address names. */
  comparison: Comparison | null
  /** The saved prompt that the address names. */
  preset: Preset | null
}

/** The fields of a job that the playground needs. */
export type Comparable = Pick<
  JobDetail,
  | 'id'
  | 'number'
  | 'status'
  | 'providerId'
  | 'model'
  | 'name'
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
  preset: null,
}

const newestTuned = (models: readonly CatalogModel[]) =>
  models
    .filter(({ kind }) => kind === 'fine-tuned')
    .toSorted((a, b) => (b.createdAt ?? 0) - (a.createdAt ?? 0))[0]

const paneModelOf = (providerId: ModelRef['providerId'], model: string): PaneModel => ({
  providerId,
  model,
  fewShot: 0,
})

/** Base model beside fine-tuned model, with the training's system prompt and a held-out question. */
export const openJob = (job: Comparable): Opening => ({
  ...empty,
  run: { id: job.id, number: job.number, name: job.name, suffix: job.suffix },
  system: job.systemPrompt ?? '',
  prompt: job.question ?? '',
  training: job.systemPrompt,
  heldOut: job.question,
  panes: [
    paneModelOf(job.providerId, job.model),
    job.fineTunedModel === null ? null : paneModelOf(job.providerId, job.fineTunedModel),
  ],
  data: job.datasetId ? { datasetId: job.datasetId, versionId: job.datasetVersion?.id ?? null } : null,
  awaits: job.fineTunedModel === null && isActive(job.status),
})

/**
 * Without a job: the chosen models, else a base model; a single model is put beside its counterpart, or beside an empty
 * pane.
 */
export function openModels(models: readonly CatalogModel[], chosen: readonly (PaneModel | null)[]): Opening {
  if (chosen.length > 1) return { ...empty, panes: [...chosen] }
  const [only] = chosen
  const base = models.find(({ kind }) => kind === 'base')
  const tuned = newestTuned(models)
  const [left, right] = [base, tuned].map((model) => (model ? paneModelOf(model.providerId, model.id) : null))
  if (!only) return { ...empty, panes: [left ?? null, right ?? null] }
  return {
    ...empty,
    panes: kindOf(only.model) === 'base' ? [only, right ?? null] : [left ?? null, only],
  }
}
