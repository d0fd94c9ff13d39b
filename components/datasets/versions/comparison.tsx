'use client'
import { useInfiniteQuery } from '@tanstack/react-query'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { Select } from '#components/ui/select.tsx'
import { Skeleton } from '#components/ui/skeleton.tsx'
import { diffQuery } from '#lib/datasets/queries.ts'
import type { DatasetDiff, DatasetVersion } from '#lib/datasets/schema.ts'
import { ChangedRow } from './changed-row.tsx'

/** Ids of two versions; `draft` stands for the current rows. */
export interface Sides {
  from: string
  to: string
}

/** The differences, loaded in windows while the user scrolls. */
const windows = (datasetId: string, { from, to }: Sides) => ({
  queryKey: [...diffQuery(datasetId, from, to).queryKey, 'windows'],
  queryFn: ({ pageParam, signal }: { pageParam: number; signal: AbortSignal }): Promise<DatasetDiff> => {
    const { queryFn } = diffQuery(datasetId, from, to, pageParam)
    return (queryFn as (context: { signal: AbortSignal }) => Promise<DatasetDiff>)({ signal })
  },
  initialPageParam: 0,
  getNextPageParam: ({ offset, rows, total }: DatasetDiff) =>
    offset + rows.length < total ? offset + rows.length : undefined,
})

function Counts({ diff: { added, removed, changed, moved, total } }: { diff: DatasetDiff }) {
  const t = useTranslations('versions.diff')
  if (total === 0) return <p className="text-2">{t('same')}</p>
  const figures = { added, removed, changed, moved }
  return (
    <ul className="flex flex-wrap gap-x-4 gap-y-1 text-2 tabular-nums">
      {(Object.keys(figures) as (keyof typeof figures)[])
        .filter((kind) => figures[kind] > 0)
        .map((kind) => (
          <li key={kind}>{t(`count.${kind}`, { count: figures[kind] })}</li>
        ))}
    </ul>
  )
}

export interface ComparisonProps {
  datasetId: string
  versions: readonly DatasetVersion[]
  sides: Sides
  onSides: (sides: Sides) => void
}

/** Differences between two versions, by row and within a row by word. */
export function Comparison({ datasetId, versions, sides, onSides }: ComparisonProps) {
  const t = useTranslations('versions')
  const query = useInfiniteQuery(windows(datasetId, sides))
  const { data, error, refetch, isFetching, hasNextPage, fetchNextPage, isFetchingNextPage } = query
  const known = versions.map(({ id, number, name }) => ({
    value: id,
    label: t('number', { number }),
    detail: name ?? '',
  }))
  const [first] = data?.pages ?? []
  const rows = data?.pages.flatMap((page) => page.rows) ?? []
  return (
    <Panel>
      <div className="flex flex-wrap items-center gap-2 border-b px-4 py-3">
        <h2 className="font-semibold">{t('diff.title')}</h2>
        <span className="w-40">
          <Select
            size="sm"
            aria-label={t('diff.from')}
            value={sides.from}
            options={known}
            onValueChange={(from) => onSides({ ...sides, from })}
          />
        </span>
        <span className="text-3">{t('diff.with')}</span>
        <span className="w-40">
          <Select
            size="sm"
            aria-label={t('diff.to')}
            value={sides.to}
            options={[{ value: 'draft', label: t('now') }, ...known]}
            onValueChange={(to) => onSides({ ...sides, to })}
          />
        </span>
        <div className="ms-auto" role="status">
          {first && <Counts diff={first} />}
        </div>
      </div>
      {error ? (
        <Failure error={error} onRetry={() => refetch()} retrying={isFetching} />
      ) : first ? (
        <ol>
          {rows.map((row) => (
            <ChangedRow key={row.id} row={row} />
          ))}
        </ol>
      ) : (
        <div className="grid gap-3 p-4">
          <Skeleton className="h-4 w-1/2" />
          <Skeleton className="h-16 w-full" />
        </div>
      )}
      {hasNextPage && (
        <div className="border-t px-4 py-3">
          <Button onClick={() => fetchNextPage()} busy={isFetchingNextPage}>
            {t('diff.more', { count: (first?.total ?? 0) - rows.length })}
          </Button>
        </div>
      )}
    </Panel>
  )
}
