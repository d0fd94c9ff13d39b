'use client'
import { useQuery } from '@tanstack/react-query'
import Plus from 'lucide-react/icons/plus'
import { useTranslations } from 'use-intl'
import { useLive } from '#components/jobs/use-live.ts'
import { Page } from '#components/shell/page.tsx'
import { PageHeader } from '#components/shell/page-header.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { evalsQuery } from '#lib/evals/queries.ts'
import type { EvalList as ListWish } from '#lib/evals/schema.ts'
import { EvalTable } from './eval-table.tsx'

function Listed({ wish }: { wish: ListWish }) {
  const t = useTranslations('evals')
  const { data, error, refetch, isFetching } = useQuery(evalsQuery(wish))
  useLive(null)
  if (error && !data)
    return <Failure title={t('loadFailed')} error={error} onRetry={() => refetch()} retrying={isFetching} />
  if (data?.length !== 0) return <EvalTable evals={data} />
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
