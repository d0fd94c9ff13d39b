'use client'
import { useTranslations } from 'use-intl'
import { useProviderName } from '#components/providers/use-provider-name.ts'
import { Skeleton } from '#components/ui/skeleton.tsx'
import { DaysLeft } from './days-left.tsx'
import { LineageChain } from './lineage-chain.tsx'
import { ModelName } from './model-name.tsx'
import { refIn, refKey } from './model-options.ts'
import { ModelRowActions, type RowProps, type RowsProps } from './model-row-actions.tsx'

function Card(props: RowProps) {
  const { model, now } = props
  const t = useTranslations('models')
  const nameOf = useProviderName()
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-3 px-4 py-2">
      <ModelName id={model.id} kind={model.kind} />
      <ModelRowActions {...props} />
      <span className="col-span-2 flex flex-wrap gap-x-2 text-2 text-meta">
        <span>{nameOf(model.providerId)}</span>
        {model.endsOn !== null && (
          <span>
            {t('table.columns.daysLeft')}: <DaysLeft date={model.endsOn} now={now} />
          </span>
        )}
      </span>
      {(model.lineage || model.aliases.length > 0) && (
        <span className="col-span-2 text-meta">
          <LineageChain model={model} />
        </span>
      )}
    </li>
  )
}

/** The list of models on a phone. */
export function ModelCards({ models, ...row }: RowsProps) {
  const t = useTranslations('models.table')
  return (
    <ul aria-label={t('title')} className="divide-y">
      {models?.map((model) => <Card key={refKey(refIn(model))} model={model} {...row} />) ??
        ['a', 'b', 'c'].map((bone) => (
          <li key={bone} aria-hidden="true" className="px-4 py-5">
            <Skeleton className="w-40" />
          </li>
        ))}
    </ul>
  )
}
