import { useCallback } from 'react'
import { useTranslations } from 'use-intl'
import { shortName } from '#components/models/model-options.ts'
import { QUIZ, RECORDING } from '#lib/evals/constants.ts'
import type { Column, ColumnKind, EvalSummary } from '#lib/evals/schema.ts'
import { kindOf } from '#lib/providers/model-kind.ts'

/** The fields that distinguish columns; `label` is the model's name unless the user set another. */
export interface Named {
  model: string
  label: string
  fewShot: number
  kind: ColumnKind
  step: number | null
  /** Its own sampling, of one of several answers to the same prompts. */
  sampling: Column['sampling']
}

type Words = ReturnType<typeof useTranslations<'evals.column'>>

function kindName({ kind, model, step }: Named, t: Words): string {
  if (kind === 'checkpoint') return step === null ? t('checkpointAny') : t('checkpoint', { step })
  return kind === 'other' ? shortName(model) : t(kind)
}

/** A name with what tells its answers from others of the same model. */
function withSampling(name: string, sampling: Named['sampling'], t: Words): string {
  if (!sampling) return name
  const { temperature, seed } = sampling
  return temperature === 0
    ? t('greedy', { name })
    : t('sampled', { name, temperature: temperature ?? '–', seed: seed ?? '–' })
}

const withExamples = (name: string, fewShot: number, t: Words): string =>
  fewShot > 0 ? t('and', { name, examples: t('examples', { count: fewShot }) }) : name

/** Names of the columns: their role in the job, or the model name if several columns have the same role. */
export function useColumnNames(columns: readonly Named[]): string[] {
  const t = useTranslations('evals.column')
  const full = (name: string, { fewShot, sampling }: Named) =>
    withSampling(withExamples(name, fewShot, t), sampling, t)
  const names = columns.map((column) => full(kindName(column, t), column))
  return names.map((name, index) => {
    const column = columns[index]
    const alone = names.filter((other) => other === name).length === 1
    return alone || !column ? name : full(shortName(column.model), column)
  })
}

/** The kind of a model, derived from its name alone. */
export function kindByName({ model, fewShot }: Pick<Named, 'model' | 'fewShot'>): ColumnKind {
  const kind = kindOf(model)
  if (kind === 'checkpoint') return 'checkpoint'
  if (kind === 'fine-tuned') return 'final'
  return fewShot > 0 ? 'fewShot' : 'base'
}

/** The label that the studio itself gives a checkpoint. */
const STEP = /^step (\d+)$/

/** For lists, which know only a model's name and the label that the user or the form set. */
export function useSummaryName(): (column: EvalSummary['columns'][number]) => string {
  const t = useTranslations('models.title')
  const column = useTranslations('evals.column')
  return ({ label, model }) => {
    const step = STEP.exec(label)?.[1]
    if (step !== undefined) return column('checkpoint', { step: Number(step) })
    return label === model ? t(kindOf(model)) : label
  }
}

type Titled = Pick<EvalSummary, 'datasetId' | 'datasetName' | 'version'> & {
  columns: readonly Pick<Column, 'model'>[]
}

/** What an evaluation is called: by its data, or by the model that it records. */
export function useEvalTitle(): (one: Titled) => string {
  const t = useTranslations('evals')
  const quiz = useTranslations('quiz')
  const recording = useTranslations('recording')
  return useCallback(
    ({ columns, datasetId, datasetName, version }) => {
      if (datasetId === QUIZ) return quiz('title')
      if (datasetId === RECORDING) return recording('of', { model: shortName(columns[0]?.model ?? '') })
      return version ? `${datasetName} ${t('version', { number: version.number })}` : datasetName
    },
    [t, quiz, recording],
  )
}
