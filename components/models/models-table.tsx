'use client'
import { useTranslations } from 'use-intl'
import { useProviderName } from '#components/providers/use-provider-name.ts'
import { SkeletonRows } from '#components/ui/skeleton.tsx'
import { Table, Td, Th, Tr } from '#components/ui/table.tsx'
import { Time } from '#components/ui/time.tsx'
import { DaysLeft } from './days-left.tsx'
import { LineageChain } from './lineage-chain.tsx'
import { ModelName } from './model-name.tsx'
import { refIn, refKey } from './model-options.ts'
import { ModelRowActions, type RowProps, type RowsProps } from './model-row-actions.tsx'
import type { ModelOrder, ModelSort } from './order.ts'

const wideOnly = 'hidden wide:table-cell'

function Row(props: RowProps) {
  const { model, now } = props
  const t = useTranslations('models')
  const nameOf = useProviderName()
  return (
    <Tr>
      <Td className="max-w-72">
        <ModelName id={model.id} kind={model.kind} />
        <span className="block pb-1 text-3 text-micro wide:hidden">{nameOf(model.providerId)}</span>
      </Td>
      <Td quiet className={wideOnly}>
        {t(`title.${model.kind}`)}
      </Td>
      <Td quiet className={wideOnly}>
        {nameOf(model.providerId)}
      </Td>
      <Td className="w-full min-w-48 whitespace-normal!">
        <LineageChain model={model} />
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
  const sortable = (name: ModelSort, align: 'start' | 'end', className?: string) => (
    <Th
      align={align}
      className={className}
      sort={order.sort === name ? order.order : 'none'}
      onSort={() => onSort(name)}
    >
      {t(name)}
    </Th>
  )
  return (
    <thead>
      <tr>
        {sortable('model', 'start')}
        <Th className={wideOnly}>{t('kind')}</Th>
        <Th className={wideOnly}>{t('provider')}</Th>
        <Th>{t('lineage')}</Th>
        {sortable('created', 'end', wideOnly)}
        {sortable('daysLeft', 'end')}
        <Th align="end">
          <span className="sr-only">{t('actions')}</span>
        </Th>
      </tr>
    </thead>
  )
}

export function ModelTable({ models, order, onSort, ...row }: RowsProps & HeadProps) {
  const t = useTranslations('models.table')
  return (
    <Table caption={t('title')}>
      <Head order={order} onSort={onSort} />
      <tbody>
        {models?.map((model) => <Row key={refKey(refIn(model))} model={model} {...row} />) ?? (
          <SkeletonRows rows={6} columns={7} />
        )}
      </tbody>
    </Table>
  )
}
