import type { DatasetSummary } from '#lib/datasets/schema.ts'
import { newEvalId } from '#lib/evals/eval-id.ts'
import type { Grader } from '#lib/evals/graders/schema.ts'
import { type Column, EvalDraft } from '#lib/evals/schema.ts'
import { wordsByPath } from '#lib/i18n/issue-words.ts'
import type { Worded } from '#lib/i18n/worded.ts'
import type { Checkpoint, JobDetail } from '#lib/jobs/schema.ts'
import type { ModelRef } from '#lib/models/schema.ts'
import { openModels } from '#lib/playground/initial-panes.ts'
import type { Sampling } from '#lib/playground/schema.ts'
import type { CatalogModel } from '#lib/providers/schema.ts'

/** The job that is evaluated, as far as the form knows it. */
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
  | 'finalStep'
> & {
  checkpoints: Pick<Checkpoint, 'step' | 'model'>[]
  /** Model of the previous job on this dataset, for comparison with the new one. */
  before: ModelRef | null
}

/** A column of the form; `model` is empty until the user selects one. */
export interface DraftColumn extends Omit<Column, 'label'> {
  /** Stable key while columns move. */
  id: number
}

export interface FormDraft extends Omit<EvalDraft, 'columns' | 'confirmed'> {
  columns: DraftColumn[]
}

/** Default number of examples in the few-shot prompt that fine-tuning has to beat. */
const USUAL_SHOTS = 3

let nextId = 0
export const draftColumn = (part: Partial<DraftColumn> = {}): DraftColumn => ({
  ...{ id: nextId++, providerId: 'embedded', model: '', fewShot: 0, sampling: null },
  ...part,
})

function runColumns({ providerId, model, fineTunedModel, before }: EvalRun, shots: number): DraftColumn[] {
  const of = (name: string, fewShot = 0) => draftColumn({ providerId, model: name, fewShot })
  return [
    of(model),
    ...(shots > 0 ? [of(model, shots)] : []),
    ...(before ? [draftColumn(before)] : []),
    ...(fineTunedModel === null ? [] : [of(fineTunedModel)]),
  ]
}

const otherColumns = (models: readonly CatalogModel[]): DraftColumn[] =>
  openModels(models, [])
    .panes.flatMap((pane) => pane ?? [])
    .map(({ providerId, model }) => draftColumn({ providerId, model }))

/** Recorded answers that a successor is compared with; its column is still to be chosen. */
export interface Bar {
  columns: Pick<Column, 'providerId' | 'model' | 'sampling'>[]
  sampling: Sampling
}

/** Initial draft. */
export function firstDraft(
  run: EvalRun | null,
  dataset: DatasetSummary | undefined,
  models: readonly CatalogModel[],
  graders: Grader[] | null,
  bar: Bar | null,
): FormDraft {
  const ofRun = run !== null && run.datasetId === dataset?.id
  const columns = bar
    ? [...bar.columns.map((column) => draftColumn(column)), draftColumn()]
    : run
      ? runColumns(run, Math.min(USUAL_SHOTS, dataset?.train.examples ?? 0))
      : otherColumns(models)
  return {
    id: newEvalId(),
    datasetId: dataset?.id ?? '',
    versionId: ofRun ? (run.datasetVersion?.id ?? null) : null,
    split: 'heldout',
    rows: 50,
    columns: columns.length > 0 ? columns : [draftColumn()],
    graders: graders ?? [{ kind: 'similarity', pass: 0.5 }],
    sampling: bar?.sampling ?? { temperature: 0, topP: null, maxTokens: 256, seed: 0 },
    exact: false,
    jobId: run?.id ?? null,
  }
}

/** Whether a chosen model answers with rounded weights unless it is asked for exact ones. */
export const answersInEightBits = ({ columns }: FormDraft, models: readonly CatalogModel[]): boolean =>
  columns.some((column) =>
    models.some(
      ({ providerId, id, bits }) => providerId === column.providerId && id === column.model && bits === 8,
    ),
  )

/**
 * The draft in the format of the API; null while it is incomplete or invalid.
 * @param names of the columns; only few-shot columns send theirs, because a list knows only the model
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

/** Validation messages by field path (`rows`, `graders.0.pattern`). */
export function draftErrors({ columns, ...draft }: FormDraft): Record<string, Worded> {
  const { error } = EvalDraft.safeParse({ ...draft, columns: columns.map(({ id: _, ...column }) => column) })
  return wordsByPath(error)
}
