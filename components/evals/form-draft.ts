import type { DatasetSummary } from '#lib/datasets/schema.ts'
import type { Grader } from '#lib/evals/graders/schema.ts'
import { type Column, EvalDraft, newEvalId } from '#lib/evals/schema.ts'
import { wordsByPath } from '#lib/i18n/issue-words.ts'
import type { Worded } from '#lib/i18n/worded.ts'
import type { Checkpoint, JobDetail } from '#lib/jobs/schema.ts'
import type { ModelRef } from '#lib/models/schema.ts'
import { openModels } from '#lib/playground/initial-panes.ts'
import type { CatalogModel } from '#lib/providers/schema.ts'

/** The run that is looked at, as far as the form knows it. */
export type EvalRun = Pick<
  JobDetail,
  | 'id'
  | 'number'
  | 'suffix'
  | 'datasetName'
  | 'providerId'
  | 'model'
  | 'fineTunedModel'
  | 'datasetId'
  | 'datasetVersion'
  | 'totalSteps'
> & {
  checkpoints: Pick<Checkpoint, 'step' | 'model'>[]
  /** What the run before it made of this dataset, to hold the new one against. */
  before: ModelRef | null
}

/** A column of the form; its model is still to be chosen while it is empty. */
export interface Seat extends Omit<Column, 'label'> {
  /** Tells lines apart while they move. */
  id: number
}

export interface FormDraft extends Omit<EvalDraft, 'columns' | 'confirmed'> {
  columns: Seat[]
}

/** Examples that fine-tuning has to beat, as long as nobody says another number. */
const USUAL_SHOTS = 3

let seats = 0
export const seat = (part: Partial<Seat> = {}): Seat => ({
  ...{ id: seats++, providerId: 'embedded', model: '', fewShot: 0 },
  ...part,
})

function runColumns({ providerId, model, fineTunedModel, before }: EvalRun, shots: number): Seat[] {
  const of = (name: string, fewShot = 0) => seat({ providerId, model: name, fewShot })
  return [
    of(model),
    ...(shots > 0 ? [of(model, shots)] : []),
    ...(before ? [seat(before)] : []),
    ...(fineTunedModel === null ? [] : [of(fineTunedModel)]),
  ]
}

const otherColumns = (models: readonly CatalogModel[]): Seat[] =>
  openModels(models, [])
    .panes.flatMap((pane) => pane ?? [])
    .map(({ providerId, model }) => seat({ providerId, model }))

/** Snapshots before the end: the last one and the finished model are the same weights. */
export const checkpointsOf = ({ checkpoints, totalSteps }: EvalRun) =>
  checkpoints
    .filter(({ step }) => totalSteps === null || step < totalSteps)
    .toSorted((a, b) => a.step - b.step)

/** What the form shows first. */
export function firstDraft(
  run: EvalRun | null,
  dataset: DatasetSummary | undefined,
  models: readonly CatalogModel[],
  graders: Grader[] | null,
): FormDraft {
  const ofRun = run !== null && run.datasetId === dataset?.id
  const columns = run
    ? runColumns(run, Math.min(USUAL_SHOTS, dataset?.train.examples ?? 0))
    : otherColumns(models)
  return {
    id: newEvalId(),
    datasetId: dataset?.id ?? '',
    versionId: ofRun ? (run.datasetVersion?.id ?? null) : null,
    split: 'heldout',
    rows: 50,
    columns: columns.length > 0 ? columns : [seat()],
    graders: graders ?? [{ kind: 'similarity', pass: 0.5 }],
    sampling: { temperature: 0, topP: null, maxTokens: 256, seed: 0 },
    jobId: run?.id ?? null,
  }
}

/**
 * As the routes take it; null while something is missing or wrong.
 * @param names of the columns; those with examples keep theirs, since a list knows only the model
 */
export function asked(
  { columns, ...draft }: FormDraft,
  names: readonly string[],
  confirmed: number | null,
): EvalDraft | null {
  const { data } = EvalDraft.safeParse({
    ...draft,
    columns: columns.map(({ id: _, ...column }, index) => ({
      ...column,
      label: column.fewShot > 0 ? (names[index] ?? '') : '',
    })),
    confirmed,
  })
  return data ?? null
}

/** Words for what is not right yet, by the field's path (`rows`, `graders.0.pattern`). */
export function draftErrors({ columns, ...draft }: FormDraft): Record<string, Worded> {
  const { error } = EvalDraft.safeParse({ ...draft, columns: columns.map(({ id: _, ...column }) => column) })
  return wordsByPath(error)
}
