'use client'
import { useQuery } from '@tanstack/react-query'
import Plus from 'lucide-react/icons/plus'
import { useQueryStates } from 'nuqs'
import { useTranslations } from 'use-intl'
import { useLive } from '#components/jobs/use-live.ts'
import { Page } from '#components/shell/page.tsx'
import { PageHeader } from '#components/shell/page-header.tsx'
import { Button } from '#components/ui/button.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { ListSearch } from '#components/ui/list-search.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { Select } from '#components/ui/select.tsx'
import { evalsQuery } from '#lib/evals/queries.ts'
import { EvalState, type EvalSummary, type EvalList as ListWish } from '#lib/evals/schema.ts'
import { EvalTable } from './eval-table.tsx'
import { type ListView, listAddress, NO_FILTER, shownIn, sortedBy } from './list-view.ts'

interface ToolsProps {
  view: ListView
  onChange: (part: Partial<ListView>) => void
}

/** Value of the option that shows evaluations in any state. */
const ANY = 'any'

function Tools({ view, onChange }: ToolsProps) {
  const t = useTranslations('evals')
  return (
    <search className="flex flex-wrap items-center gap-2">
      <ListSearch
        label={t('list.search')}
        value={view.q}
        onChange={(q) => onChange({ q })}
        className="min-w-0 flex-1 sm:w-72 sm:flex-none"
      />
      <span className="w-36 shrink-0">
        <Select
          aria-label={t('columns.state')}
          value={view.state ?? ANY}
          onValueChange={(state) => onChange({ state: state === ANY ? null : state })}
          options={[
            { value: ANY, label: t('list.anyState') },
            ...EvalState.options.map((value) => ({ value, label: t(`state.${value}`) })),
          ]}
        />
      </span>
    </search>
  )
}

function Found({ evals }: { evals: readonly EvalSummary[] | undefined }) {
  const t = useTranslations('evals.list')
  const [view, change] = useQueryStates(listAddress)
  const onChange = (part: Partial<ListView>) => void change(part)
  const found = evals && shownIn(evals, view)
  return (
    <>
      <Tools view={view} onChange={onChange} />
      {found?.length === 0 ? (
        <Panel>
          <EmptyState actions={<Button onClick={() => onChange(NO_FILTER)}>{t('clear')}</Button>}>
            {t('none')}
          </EmptyState>
        </Panel>
      ) : (
        <EvalTable evals={found} view={view} onSort={(sort) => onChange(sortedBy(sort, view))} />
      )}
    </>
  )
}

function Listed({ wish }: { wish: ListWish }) {
  const t = useTranslations('evals')
  const { data, error, refetch, isFetching } = useQuery(evalsQuery(wish))
  useLive(null)
  if (error && !data)
    return <Failure title={t('loadFailed')} error={error} onRetry={() => refetch()} retrying={isFetching} />
  if (data?.length !== 0) return <Found evals={data} />
  return (
    <Panel>
      <EmptyState actions={<LinkButton href="/datasets">{t('toDatasets')}</LinkButton>}>
        {t('empty')}
      </EmptyState>
    </Panel>
  )
}

/** All evaluations, or those of one dataset or job. */
export function EvalList({ wish }: { wish: ListWish }) {
  const t = useTranslations('evals')
  const query = new URLSearchParams(Object.entries(wish).filter(([, value]) => value)).toString()
  return (
    <>
      <PageHeader crumbs={[{ label: t('title') }]}>
        <LinkButton
          variant="primary"
          icon={<Plus size={16} aria-hidden />}
          href={query ? `/evals/new?${query}` : '/evals/new'}
        >
          {t('new')}
        </LinkButton>
      </PageHeader>
      <Page>
        <Listed wish={wish} />
      </Page>
    </>
  )
}
