'use client'
import Ellipsis from 'lucide-react/icons/ellipsis'
import Link from 'next/link'
import { useTranslations } from 'use-intl'
import { Chip } from '#components/ui/chip.tsx'
import { IconButton } from '#components/ui/icon-button.tsx'
import { Menu } from '#components/ui/menu.tsx'
import { Td, Tr } from '#components/ui/table.tsx'
import { Time } from '#components/ui/time.tsx'
import { TruncatedId } from '#components/ui/truncated-id.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import { exportAddress } from '#lib/datasets/queries.ts'
import type { DatasetSummary, DatasetVersion } from '#lib/datasets/schema.ts'
import type { Sides } from './comparison.tsx'

interface Run {
  id: string
  number: number
}

function Runs({ runs }: { runs: readonly Run[] }) {
  const t = useTranslations('versions')
  if (runs.length === 0) return <span className="text-3">–</span>
  return (
    <span className="flex flex-wrap gap-x-2">
      {runs.map(({ id, number }) => (
        <Link key={id} href={`/jobs/${id}`} className="rounded-xs text-accent hover:underline">
          {t('run', { number })}
        </Link>
      ))}
    </span>
  )
}

export interface VersionRowProps {
  datasetId: string
  onCompare: (sides: Sides) => void
  onRestore: (version: DatasetVersion) => void
  version: DatasetVersion
  previous: DatasetVersion | undefined
  runs: readonly Run[]
}

/** A version, the jobs that used it, and its actions. */
export function VersionRow(props: VersionRowProps) {
  const { count } = useFormat()
  const { datasetId, version, previous, runs, onCompare, onRestore } = props
  const t = useTranslations('versions')
  const { id, number, name, note, current, sha256 } = version
  return (
    <Tr id={id} className={note ? 'h-12' : undefined}>
      <Td>
        <span className="flex items-center gap-2">
          <span className="font-medium tabular-nums">{t('number', { number })}</span>
          {name && <bdi className="max-w-24 truncate font-medium sm:max-w-[40ch]">{name}</bdi>}
          {current && <Chip>{t('current')}</Chip>}
        </span>
        {note && (
          <span dir="auto" className="block max-w-32 truncate text-3 text-meta sm:max-w-[60ch]" title={note}>
            {note}
          </span>
        )}
      </Td>
      <Td align="end">
        {count(version.trainRows)} / {count(version.heldoutRows)}
      </Td>
      <Td align="end" className="hidden sm:table-cell">
        {count(version.tokens)}
      </Td>
      <Td className="hidden md:table-cell">
        <TruncatedId id={sha256} />
      </Td>
      <Td>
        <Runs runs={runs} />
      </Td>
      <Td quiet className="hidden sm:table-cell">
        <Time at={version.createdAt} />
      </Td>
      <Td className="w-px">
        <Menu
          label={t('actions', { number })}
          trigger={
            <IconButton size="sm" label={t('actions', { number })}>
              <Ellipsis size={16} aria-hidden />
            </IconButton>
          }
          items={[
            {
              label: t('compareDraft'),
              onSelect: () => onCompare({ from: id, to: 'draft' }),
              disabled: current,
            },
            {
              label: t('comparePrevious'),
              onSelect: () => previous && onCompare({ from: previous.id, to: id }),
              disabled: previous === undefined,
            },
            null,
            { label: t('restore'), onSelect: () => onRestore(version), disabled: current },
            { label: t('export'), href: exportAddress(datasetId, { version: id }), download: true },
          ]}
        />
      </Td>
    </Tr>
  )
}

/** The current rows, which the next version will contain. */
export function DraftRow({ dataset, number }: { dataset: DatasetSummary; number: number }) {
  const { count } = useFormat()
  const t = useTranslations('versions')
  return (
    <Tr>
      <Td>
        <span className="font-medium text-2">{t('draft', { number })}</span>
      </Td>
      <Td align="end">
        {count(dataset.train.examples)} / {count(dataset.heldout.examples)}
      </Td>
      <Td align="end" className="hidden sm:table-cell">
        {count(dataset.train.tokens + dataset.heldout.tokens)}
      </Td>
      <Td className="hidden md:table-cell">–</Td>
      <Td>–</Td>
      <Td quiet className="hidden sm:table-cell">
        <Time at={dataset.updatedAt} />
      </Td>
      <Td />
    </Tr>
  )
}
