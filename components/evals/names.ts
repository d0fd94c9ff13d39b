import { useTranslations } from 'use-intl'
import { shortName } from '#components/models/model-options.ts'
import type { ColumnKind, EvalSummary } from '#lib/evals/schema.ts'
import { kindOf } from '#lib/providers/model-kind.ts'

/** The fields that distinguish columns; `label` is the model's name unless the user set another. */
export interface Named {
  model: string
  label: string
  fewShot: number
  kind: ColumnKind
  step: number | null
}

type Words = ReturnType<typeof useTranslations<'evals.column'>>

function kindName({ kind, model, step }: Named, t: Words): string {
  if (kind === 'checkpoint') return step === null ? t('checkpointAny') : t('checkpoint', { step })
  return kind === 'other' ? shortName(model) : t(kind)
}

const withExamples = (name: string, fewShot: number, t: Words): string =>
  fewShot > 0 ? t('and', { name, examples: t('examples', { count: fewShot }) }) : name

/** Names of the columns: their role in the job, or the model name if several columns have the same role. */
export function useColumnNames(columns: readonly Named[]): string[] {
  const t = useTranslations('evals.column')
  const names = columns.map((column) => withExamples(kindName(column, t), column.fewShot, t))
  return names.map((name, index) => {
    const column = columns[index]
    const alone = names.filter((other) => other === name).length === 1
    return alone || !column ? name : withExamples(shortName(column.model), column.fewShot, t)
  })
}

/** The kind of a model, derived from its name alone. */
export function kindByName({ model, fewShot }: Pick<Named, 'model' | 'fewShot'>): ColumnKind {
  const kind = kindOf(model)
  if (kind === 'checkpoint') return 'checkpoint'
  if (kind === 'fine-tuned') return 'final'
  return fewShot > 0 ? 'fewShot' : 'base'
}

/** For lists, which know only a model's name and the label that the user or the form set. */
export function useSummaryName(): (column: EvalSummary['columns'][number]) => string {
  const t = useTranslations('models.title')
  return ({ label, model }) => (label === model ? t(kindOf(model)) : label)
}
