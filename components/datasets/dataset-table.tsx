'use client'
import Ellipsis from 'lucide-react/icons/ellipsis'
import Link from 'next/link'
import { useTranslations } from 'use-intl'
import { Chip } from '#components/ui/chip.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { IconButton } from '#components/ui/icon-button.tsx'
import { Menu } from '#components/ui/menu.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { SkeletonRows } from '#components/ui/skeleton.tsx'
import { State } from '#components/ui/state.tsx'
import { sortedBy, Table, Td, Th, Tr } from '#components/ui/table.tsx'
import { Time } from '#components/ui/time.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import { exportAddress } from '#lib/datasets/queries.ts'
import type { DatasetSummary } from '#lib/datasets/schema.ts'
import { DatasetState } from './dataset-state.tsx'
import type { ListView, Sort } from './list-view.ts'
import { useCopy } from './use-copy.ts'

interface RowActions {
  onRename: (dataset: DatasetSummary) => void
  onArchive: (dataset: DatasetSummary) => void
  onDelete: (dataset: DatasetSummary) => void
}

/** The newest version, and whether rows have changed since. */
function Version({ dataset: { version, dirty } }: { dataset: DatasetSummary }) {
  const t = useTranslations('datasets.list')
  return (
    <span className="flex items-center gap-2">
      {version && <span title={version.name ?? undefined}>{t('version', { number: version.number })}</span>}
      {dirty && (
        <State kind="ring" tone="mute" quiet>
          {t('draft')}
        </State>
      )}
    </span>
  )
}

function Row({ dataset, onRename, onArchive, onDelete }: { dataset: DatasetSummary } & RowActions) {
  const { count } = useFormat()
  const t = useTranslations('datasets')
  const { id, name, sample, train, heldout, state, updatedAt, method, busy, archivedAt } = dataset
  const copy = useCopy(dataset)
  const menu = [
    { label: t('rename'), onSelect: () => onRename(dataset) },
    { label: t('duplicate'), onSelect: () => copy.mutate(), disabled: copy.isPending || state === 'empty' },
    { label: t('export.all'), href: exportAddress(id), download: true },
    null,
    { label: t(archivedAt === null ? 'archive' : 'unarchive'), onSelect: () => onArchive(dataset) },
    { label: t('delete'), onSelect: () => onDelete(dataset), tone: 'danger' as const },
  ]
  return (
    <Tr className="relative">
      <Td className="w-full min-w-32 max-w-0 sm:min-w-40">
        <span className="flex items-center gap-2">
          <Link
            href={`/datasets/${id}`}
            className="truncate rounded-xs font-medium after:absolute after:inset-0 hover:text-accent"
          >
            <bdi>{name}</bdi>
          </Link>
          <span className="hidden lg:contents">
            {sample && <Chip>{t('sample')}</Chip>}
            {method === 'preference' && <Chip>{t('list.pairs')}</Chip>}
          </span>
          {archivedAt !== null && <Chip>{t('list.archivedChip')}</Chip>}
        </span>
        {copy.error && <Failure title={t('copyFailed')} error={copy.error} />}
        <span className="block truncate pb-1.5 text-3 text-meta sm:hidden">
          {t('rows.counts', { train: train.examples, heldout: heldout.examples })}
        </span>
      </Td>
      <Td align="end" className="hidden sm:table-cell">
        {count(train.examples)} / {count(heldout.examples)}
      </Td>
      <Td className="max-sm:min-w-30 max-sm:*:whitespace-normal">
        <DatasetState
          state={state}
          errors={train.errors + heldout.errors}
          warnings={train.warnings + heldout.warnings}
          busy={busy}
        />
      </Td>
      <Td quiet className="hidden lg:table-cell">
        <Version dataset={dataset} />
      </Td>
      <Td align="end" className="hidden lg:table-cell">
        {count(train.tokens)}
      </Td>
      <Td quiet className="hidden sm:table-cell">
        <Time at={updatedAt} />
      </Td>
      <Td className="relative w-px max-sm:ps-0">
        <Menu
          label={t('actions', { name })}
          trigger={
            <IconButton size="sm" label={t('actions', { name })}>
              <Ellipsis size={16} aria-hidden />
            </IconButton>
          }
          items={menu}
        />
      </Td>
    </Tr>
  )
}

interface DatasetTableProps extends RowActions {
  datasets: readonly DatasetSummary[] | undefined
  view: ListView
  onSort: (sort: Sort) => void
}

export function DatasetTable({ datasets, view, onSort, ...actions }: DatasetTableProps) {
  const t = useTranslations('datasets')
  const sorting = sortedBy(view, onSort)
  return (
    <Panel>
      <Table caption={t('caption')}>
        <thead>
          <tr>
            <Th {...sorting('name')}>{t('columns.name')}</Th>
            <Th align="end" className="hidden sm:table-cell" terms={['heldOut']} {...sorting('rows')}>
              {t('columns.rows')}
            </Th>
            <Th>{t('columns.state')}</Th>
            <Th className="hidden lg:table-cell">{t('columns.version')}</Th>
            <Th
              align="end"
              className="hidden lg:table-cell"
              title={t('tokensHint')}
              terms={['token']}
              {...sorting('tokens')}
            >
              {t('columns.tokens')}
            </Th>
            <Th className="hidden sm:table-cell" {...sorting('updated')}>
              {t('columns.updated')}
            </Th>
            <Th>
              <span className="sr-only">{t('columns.actions')}</span>
            </Th>
          </tr>
        </thead>
        <tbody>
          {datasets ? (
            datasets.map((dataset) => <Row key={dataset.id} dataset={dataset} {...actions} />)
          ) : (
            <SkeletonRows columns={7} />
          )}
        </tbody>
      </Table>
    </Panel>
  )
}
