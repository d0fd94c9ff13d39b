'use client'
import { useQuery } from '@tanstack/react-query'
import ChevronDown from 'lucide-react/icons/chevron-down'
import { useSyncExternalStore } from 'react'
import { useTranslations } from 'use-intl'
import { cn } from '#components/ui/cn.ts'
import { Failure } from '#components/ui/failure.tsx'
import { Select } from '#components/ui/select.tsx'
import { Skeleton } from '#components/ui/skeleton.tsx'
import { useSettled } from '#components/ui/use-settled.ts'
import { tokensQuery } from '#lib/datasets/queries.ts'
import type { TokenView as View } from '#lib/datasets/schema.ts'
import { modelsQuery } from '#lib/models/queries.ts'
import { TokenList } from './token-list.tsx'
import { type Base, useBase } from './use-bases.ts'
import { usePersisted } from './use-persisted.ts'

function Sums({ view: { total, trained, exact }, stale }: { view: View; stale: boolean }) {
  const t = useTranslations('line.tokens')
  return (
    <span className={cn('flex flex-wrap gap-x-3 text-meta tabular-nums', stale && 'opacity-60')}>
      <span className="font-medium text-accent">{t('trained', { count: trained })}</span>
      <span className="text-3">{t('context', { count: total - trained, total })}</span>
      {!exact && <span className="text-3">{t('estimate')}</span>}
    </span>
  )
}

const Waiting = () => (
  <div aria-hidden="true">
    {['w-11/12', 'w-full', 'w-3/5'].map((width) => (
      <div key={width} className="flex h-6 items-center">
        <Skeleton className={width} />
      </div>
    ))}
  </div>
)

const WIDE = '(width >= 68.8125rem)'

const subscribeToWidth = (listener: () => void) => {
  const query = matchMedia(WIDE)
  query.addEventListener('change', listener)
  return () => query.removeEventListener('change', listener)
}

/** The state that the user left, else open if there is room. */
function useOpen(): [boolean, () => void] {
  const wide = useSyncExternalStore(
    subscribeToWidth,
    () => matchMedia(WIDE).matches,
    () => true,
  )
  const [kept, keep] = usePersisted('limerick.tokens.open')
  const open = kept === null ? wide : kept === 'yes'
  return [open, () => keep(open ? 'no' : 'yes')]
}

export interface TokenViewProps {
  text: string
  /** The first is selected by default. */
  bases: readonly Base[]
}

/** The row as tokens of the selected model, with the trained part marked. */
export function TokenView({ text, bases }: TokenViewProps) {
  const t = useTranslations('line.tokens')
  const [open, toggle] = useOpen()
  const { base, value, options, choose } = useBase(bases)
  const line = useSettled(text)
  // Until the models are known the count is another one's, and is about to change.
  const { isPending } = useQuery(modelsQuery())
  const blank = line.trim() === ''
  const query = useQuery({ ...tokensQuery({ line, base }), enabled: open && !blank })
  const { data: view, error, refetch, isFetching, isPlaceholderData } = query
  return (
    <section aria-label={t('title')} className="border-t">
      <header className="flex min-h-11 flex-wrap items-center gap-x-3 px-(--gutter) py-1">
        <h3 className="font-semibold">
          <button
            type="button"
            aria-expanded={open}
            onClick={toggle}
            className="inline-flex items-center gap-1 rounded-xs"
          >
            {t('title')}
            <ChevronDown
              size={14}
              aria-hidden
              className={cn('text-3', !open && 'ltr:-rotate-90 rtl:rotate-90')}
            />
          </button>
        </h3>
        {open && view && !blank && <Sums view={view} stale={isPlaceholderData} />}
        {base && (
          <span className="ms-auto min-w-0 max-w-44">
            <Select
              size="sm"
              mono
              aria-label={t('base')}
              value={value}
              onValueChange={choose}
              options={options}
              className="border-transparent! bg-transparent! hover:border-field!"
            />
          </span>
        )}
      </header>
      {open && (
        <div
          className={cn('px-(--gutter) pb-3', isPlaceholderData && 'opacity-60')}
          aria-busy={isPending || isFetching || isPlaceholderData || line !== text}
        >
          {blank || (view === null && !error) ? (
            <p className="text-3">{t('none')}</p>
          ) : error ? (
            <Failure error={error} onRetry={() => refetch()} retrying={isFetching} />
          ) : view ? (
            <TokenList view={view} />
          ) : (
            <Waiting />
          )}
        </div>
      )}
    </section>
  )
}
