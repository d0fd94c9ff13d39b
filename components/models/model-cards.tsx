'use client'
import { useTranslations } from 'use-intl'
import { useProviderName } from '#components/providers/use-provider-name.ts'
import { Skeleton } from '#components/ui/skeleton.tsx'
import { DaysLeft } from './days-left.tsx'
import { LineageChain } from './lineage-chain.tsx'
import { ModelName } from './model-name.tsx'
import { refIn, refKey } from './model-options.ts'
import { ModelRowActions, type RowProps, type RowsProps } from './model-row-actions.tsx'
import { Fold } from './models-table.tsx'

function Card(props: RowProps) {
  const { model, now } = props
  const t = useTranslations('models')
  const nameOf = useProviderName()
  return (
    <>
      <ModelName id={model.id} kind={model.kind} lineage={model.lineage} facts />
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
    </>
  )
}

const card = 'grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-3 px-4 py-2'

/** The list of models on a phone. */
export function ModelCards({ groups, isOpen, onFold, ...row }: RowsProps) {
  const t = useTranslations('models.table')
  return (
    <ul aria-label={t('title')} className="divide-y">
      {groups?.flatMap((group) => {
        const { lead, others } = group
        const open = isOpen(group)
        return [
          <li key={refKey(refIn(lead))} className={card}>
            <Card model={lead} {...row} />
            {others.length > 0 && (
              <Fold model={lead} count={others.length} isOpen={open} onToggle={() => onFold(group)} />
            )}
          </li>,
          ...(open
            ? others.map((model) => (
                <li key={refKey(refIn(model))} className={card}>
                  <Card model={model} {...row} />
                </li>
              ))
            : []),
        ]
      }) ??
        ['a', 'b', 'c'].map((bone) => (
          <li key={bone} aria-hidden="true" className="px-4 py-5">
            <Skeleton className="w-40" />
          </li>
        ))}
    </ul>
  )
}
