'use client'
import ChevronRight from 'lucide-react/icons/chevron-right'
import { useTranslations } from 'use-intl'
import { useProviderName } from '#components/providers/use-provider-name.ts'
import { cn } from '#components/ui/cn.ts'
import { SkeletonRows } from '#components/ui/skeleton.tsx'
import { sortedBy, Table, Td, Th, Tr } from '#components/ui/table.tsx'
import { Time } from '#components/ui/time.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import type { StudioModel } from '#lib/models/schema.ts'
import { DaysLeft } from './days-left.tsx'
import { LineageChain } from './lineage-chain.tsx'
import { ModelName } from './model-name.tsx'
import { refIn, refKey } from './model-options.ts'
import { ModelRowActions, type RowProps, type RowsProps } from './model-row-actions.tsx'
import type { ModelOrder, ModelSort } from './order.ts'
import { useModelTitle } from './use-model-title.ts'

const wideOnly = 'hidden wide:table-cell'

interface FoldProps {
  model: StudioModel
  count: number
  isOpen: boolean
  onToggle: () => void
}

/** Shows or hides the checkpoints of a model's job. */
export function Fold({ model, count, isOpen, onToggle }: FoldProps) {
  const t = useTranslations('models.table')
  const title = useModelTitle()
  return (
    <button
      type="button"
      aria-expanded={isOpen}
      aria-label={t('checkpointsOf', { model: title(model), count })}
      onClick={onToggle}
      className="inline-flex shrink-0 items-center gap-1 rounded-xs text-3 text-meta hover:text-1"
    >
      <ChevronRight
        size={14}
        aria-hidden
        className={cn('transition-transform', isOpen ? 'rotate-90' : 'rtl:rotate-180')}
      />
      {t('checkpoints', { count })}
    </button>
  )
}

interface NestedProps extends RowProps {
  /** A checkpoint under the result of its job. */
  nested?: boolean
  fold?: Omit<FoldProps, 'model'> | undefined
}

function Row({ nested, fold, ...props }: NestedProps) {
  const nameOf = useProviderName()
  const { model, now, choice } = props
  const { bytes } = useFormat()
  const t = useTranslations('models')
  const title = useModelTitle()
  return (
    <Tr selected={choice.isChosen(model)}>
      <Td className="w-8 pe-0!">
        {model.deletable && model.aliases.length === 0 && (
          <input
            type="checkbox"
            checked={choice.isChosen(model)}
            onChange={() => choice.toggle(model)}
            aria-label={t('table.choose', { model: title(model) })}
            className="block size-4 accent-(--accent)"
          />
        )}
      </Td>
      <Td className={cn('max-w-64 wide:max-w-96', nested && 'ps-8!')}>
        <ModelName id={model.id} kind={model.kind} lineage={model.lineage} facts />
        <span
          className={cn('flex flex-wrap items-center gap-x-3 pb-1 text-3 text-micro', !fold && 'wide:hidden')}
        >
          {fold && <Fold model={model} {...fold} />}
          <span className="wide:hidden">{nameOf(model.providerId)}</span>
        </span>
      </Td>
      <Td quiet className={wideOnly}>
        {nameOf(model.providerId)}
      </Td>
      <Td className="w-full min-w-40 whitespace-normal!">
        <LineageChain model={model} />
      </Td>
      <Td quiet align="end" className={wideOnly}>
        {model.bytes === null ? '–' : bytes(model.bytes)}
      </Td>
      <Td quiet align="end" className={wideOnly}>
        {model.createdAt === null ? '–' : <Time at={model.createdAt} />}
      </Td>
      <Td align="end">
        <DaysLeft date={model.endsOn} now={now} />
      </Td>
      <Td align="end">
        <ModelRowActions {...props} />
      </Td>
    </Tr>
  )
}

interface HeadProps {
  order: ModelOrder
  onSort: (sort: ModelSort) => void
}

function Head({ order, onSort }: HeadProps) {
  const t = useTranslations('models.table.columns')
  const sorting = sortedBy(order, onSort)
  const sortable = (name: ModelSort, align: 'start' | 'end', className?: string) => (
    <Th align={align} className={className} {...sorting(name)}>
      {t(name)}
    </Th>
  )
  return (
    <thead>
      <tr>
        <Th className="w-8 pe-0!">
          <span className="sr-only">{t('choose')}</span>
        </Th>
        {sortable('model', 'start')}
        <Th className={wideOnly}>{t('provider')}</Th>
        <Th>{t('lineage')}</Th>
        {sortable('size', 'end', wideOnly)}
        {sortable('created', 'end', wideOnly)}
        {sortable('daysLeft', 'end')}
        <Th align="end">
          <span className="sr-only">{t('actions')}</span>
        </Th>
      </tr>
    </thead>
  )
}

export function ModelTable({ groups, isOpen, onFold, order, onSort, ...row }: RowsProps & HeadProps) {
  const t = useTranslations('models.table')
  return (
    <Table caption={t('title')}>
      <Head order={order} onSort={onSort} />
      <tbody>
        {groups?.flatMap((group) => {
          const { lead, others } = group
          const open = isOpen(group)
          const fold = { count: others.length, isOpen: open, onToggle: () => onFold(group) }
          return [
            <Row
              key={refKey(refIn(lead))}
              model={lead}
              fold={others.length > 0 ? fold : undefined}
              {...row}
            />,
            ...(open
              ? others.map((model) => <Row key={refKey(refIn(model))} model={model} nested {...row} />)
              : []),
          ]
        }) ?? <SkeletonRows rows={6} columns={8} />}
      </tbody>
    </Table>
  )
}
