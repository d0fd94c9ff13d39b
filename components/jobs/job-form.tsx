'use client'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useTranslations } from 'use-intl'
import { usePrices } from '#components/providers/use-prices.ts'
import { Page } from '#components/shell/page.tsx'
import { PageHeader } from '#components/shell/page-header.tsx'
import { EmptyState } from '#components/ui/empty-state.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { SkeletonAnswer } from '#components/ui/skeleton.tsx'
import { datasetsQuery } from '#lib/datasets/queries.ts'
import type { DatasetSummary } from '#lib/datasets/schema.ts'
import { AppError } from '#lib/errors.ts'
import { newJobId } from '#lib/ids.ts'
import type { JobDraft } from '#lib/jobs/schema.ts'
import { modelsQuery } from '#lib/models/queries.ts'
import { providersQuery } from '#lib/providers/queries.ts'
import type { CatalogModel, ProviderWithHealth } from '#lib/providers/schema.ts'
import { draftErrors, type Earlier, firstBase, firstDraft, type Wish } from './form-draft.ts'
import { FormFields } from './form-fields.tsx'
import { FormHyper } from './form-hyper.tsx'
import { blockerOf, planOf } from './form-plan.ts'
import { FormRefusal } from './form-refusal.tsx'
import { FormStart } from './form-start.tsx'
import { FormSentence, FormSums } from './form-summary.tsx'
import { useLaunch } from './use-launch.ts'

interface JobFormProps {
  earlier: Earlier | null
  wish: Wish
}

/** ⌘ or Ctrl with Enter starts. */
function useStartKey(start: () => void) {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.repeat) return
      if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey)) return
      event.preventDefault()
      start()
    }
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  })
}

/** A refusal that names a field of the form stands at that field. */
const refusalAt = (error: unknown, fields: readonly string[]): Record<string, string> =>
  error instanceof AppError && error.param && fields.includes(error.param)
    ? { [error.param]: error.message }
    : {}

const FIELDS = ['model', 'suffix', 'seed', 'training.datasetId', 'validation', 'validation.datasetId']

interface BodyProps extends JobFormProps {
  datasets: DatasetSummary[]
  models: CatalogModel[]
  providers: ProviderWithHealth[]
}

function Body({ earlier, wish, ...known }: BodyProps) {
  const [draft, setDraft] = useState(() => firstDraft(earlier, wish, known))
  const launch = useLaunch(() => setDraft((refused) => ({ ...refused, id: newJobId() })))
  const change = (part: Partial<JobDraft>) => {
    launch.reset()
    setDraft((before) => ({ ...before, ...part }))
  }
  const errors = draftErrors(draft)
  const plan = planOf(draft, known.datasets, usePrices())
  const blocker = blockerOf(draft, known.datasets, errors)
  const starting = launch.isPending || launch.isSuccess
  const start = () => !starting && launch.mutate(draft)
  useStartKey(() => !blocker && start())
  const atField = refusalAt(launch.error, FIELDS)
  const embedded = firstBase(known.models, 'embedded')
  const form = { draft, change, errors: { ...errors, ...atField }, ...known }
  return (
    <div className="grid items-start gap-3 sm:gap-4 wide:grid-cols-[minmax(0,1fr)_25rem] wide:grid-rows-[auto_auto_1fr]">
      <div className="grid gap-3 sm:gap-4 wide:row-span-3">
        <FormFields {...form} />
        <FormHyper {...form} plan={plan} />
      </div>
      <div className="order-first wide:order-none">
        <FormSentence draft={draft} plan={plan} />
      </div>
      <div className="grid gap-3 sm:gap-4 wide:col-start-2 wide:row-start-3">
        {launch.error && Object.keys(atField).length === 0 && (
          <FormRefusal
            error={launch.error}
            onEmbedded={embedded ? () => change({ providerId: 'embedded', model: embedded }) : null}
          />
        )}
        {plan && <FormSums plan={plan} />}
      </div>
      <div className="sticky -bottom-4 z-10 -mx-(--gutter) -mb-4 border-t bg-canvas px-(--gutter) py-3 sm:-bottom-6 sm:-mb-6 wide:static wide:col-start-2 wide:row-start-2 wide:mx-0 wide:mb-0 wide:border-0 wide:p-0">
        <FormStart plan={plan} blocker={blocker} starting={starting} onStart={start} />
      </div>
    </div>
  )
}

function Nothing() {
  const t = useTranslations('jobs.form')
  return (
    <Panel>
      <EmptyState actions={<LinkButton href="/datasets">{t('toDatasets')}</LinkButton>}>
        {t('noDatasets')}
      </EmptyState>
    </Panel>
  )
}

/** The form of a new run, and what it will come to while it is filled in. */
export function JobForm({ earlier, wish }: JobFormProps) {
  const t = useTranslations('jobs')
  const datasets = useQuery(datasetsQuery())
  const models = useQuery(modelsQuery())
  const providers = useQuery(providersQuery())
  const failed = [datasets, models, providers].find(({ data, error }) => error && !data)
  const ready = datasets.data && models.data && providers.data
  return (
    <>
      <PageHeader
        crumbs={[{ label: t('title'), href: '/jobs' }, { label: t('form.title') }]}
        meta={earlier && t('form.from', { name: earlier.name, number: earlier.number })}
      />
      <Page>
        {failed ? (
          <Panel>
            <Failure error={failed.error} onRetry={() => failed.refetch()} retrying={failed.isFetching} />
          </Panel>
        ) : !ready ? (
          <SkeletonAnswer />
        ) : datasets.data.length === 0 ? (
          <Nothing />
        ) : (
          <Body
            earlier={earlier}
            wish={wish}
            datasets={datasets.data}
            models={models.data.models}
            providers={providers.data}
          />
        )}
      </Page>
    </>
  )
}
