'use client'
import Code from 'lucide-react/icons/code'
import Ellipsis from 'lucide-react/icons/ellipsis'
import Tag from 'lucide-react/icons/tag'
import Trash2 from 'lucide-react/icons/trash-2'
import { useTranslations } from 'use-intl'
import { IconButton } from '#components/ui/icon-button.tsx'
import { Menu } from '#components/ui/menu.tsx'
import { Skeleton, SkeletonRows } from '#components/ui/skeleton.tsx'
import { Table, Td, Th, Tr } from '#components/ui/table.tsx'
import { TextLink } from '#components/ui/text-link.tsx'
import { Time } from '#components/ui/time.tsx'
import { nameAtGateway } from '#lib/models/chat-code.ts'
import type { StudioModel } from '#lib/models/schema.ts'
import type { ModelActions } from './alias-panel.tsx'
import { DaysLeft } from './days-left.tsx'
import { LineageChain } from './lineage-chain.tsx'
import { ModelName } from './model-name.tsx'
import { refKey } from './model-options.ts'
import type { ModelOrder, ModelSort } from './order.ts'

interface RowsProps extends ModelActions {
  /** undefined while they are being asked for. */
  models: readonly StudioModel[] | undefined
  /** ms */
  now: number
  onDelete: (model: StudioModel) => void
}

type RowProps = Omit<RowsProps, 'models'> & { model: StudioModel }

const wideOnly = 'hidden wide:table-cell'

const refIn = ({ providerId, id }: StudioModel) => ({ providerId, model: id })

/** Beside its base, with the run's own question, where there is a run. */
function compareAddress(model: StudioModel): string {
  const own = ['model', refKey(refIn(model))]
  const { lineage, providerId } = model
  const all = lineage
    ? [['job', lineage.jobId], ['model', refKey({ providerId, model: lineage.base })], own]
    : [own]
  return `/playground?${new URLSearchParams(all)}`
}

function Actions({ model, onPoint, onCode, onDelete }: RowProps) {
  const t = useTranslations('models.table')
  const { id, aliases, deletable } = model
  const held = aliases.length > 0 ? t('held', { count: aliases.length }) : undefined
  return (
    <span className="inline-flex items-center gap-2">
      <TextLink href={compareAddress(model)} aria-label={t('compareModel', { model: id })}>
        {t('compare')}
      </TextLink>
      <Menu
        label={t('more', { model: id })}
        trigger={
          <IconButton size="sm" label={t('more', { model: id })}>
            <Ellipsis size={16} aria-hidden />
          </IconButton>
        }
        items={[
          {
            label: t('point'),
            icon: <Tag size={14} aria-hidden />,
            onSelect: () => onPoint({ name: null, ref: refIn(model) }),
          },
          {
            label: t('code'),
            icon: <Code size={14} aria-hidden />,
            onSelect: () => onCode(nameAtGateway(refIn(model)), refIn(model)),
          },
          ...(deletable
            ? [
                null,
                {
                  label: t('delete'),
                  icon: <Trash2 size={14} aria-hidden />,
                  tone: 'danger' as const,
                  disabled: held !== undefined,
                  reason: held,
                  onSelect: () => onDelete(model),
                },
              ]
            : []),
        ]}
      />
    </span>
  )
}

function Row(props: RowProps) {
  const { model, now } = props
  const t = useTranslations('models')
  return (
    <Tr>
      <Td className="max-w-72">
        <ModelName id={model.id} kind={model.kind} />
        <span className="block pb-1 text-3 text-micro wide:hidden">{t(`provider.${model.providerId}`)}</span>
      </Td>
      <Td quiet className={wideOnly}>
        {t(`title.${model.kind}`)}
      </Td>
      <Td quiet className={wideOnly}>
        {t(`provider.${model.providerId}`)}
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
        <Actions {...props} />
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

function Card(props: RowProps) {
  const { model, now } = props
  const t = useTranslations('models')
  return (
    <li className="grid grid-cols-[minmax(0,1fr)_auto] items-center gap-x-3 px-4 py-2">
      <ModelName id={model.id} kind={model.kind} />
      <Actions {...props} />
      <span className="col-span-2 flex flex-wrap gap-x-2 text-2 text-meta">
        <span>{t(`provider.${model.providerId}`)}</span>
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

/** The same on a phone. */
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
