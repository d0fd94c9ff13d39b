'use client'
import { useQuery } from '@tanstack/react-query'
import { useTranslations } from 'use-intl'
import { firstDraft } from '#components/jobs/form-draft.ts'
import { useOwnLaunch } from '#components/jobs/use-launch.ts'
import { Button } from '#components/ui/button.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { datasetsQuery } from '#lib/datasets/queries.ts'
import { modelsQuery } from '#lib/models/queries.ts'
import { providersQuery } from '#lib/providers/queries.ts'

/**
 * Trains the shipped sample at once, on the built-in engine and as the form would have it: the first training needs no
 * decision and costs nothing.
 */
export function TrainSample({ datasetId, form }: { datasetId: string; form: string }) {
  const t = useTranslations('home.next.sample')
  const { data: datasets = [] } = useQuery(datasetsQuery())
  const { data: list } = useQuery(modelsQuery())
  const { data: providers = [] } = useQuery(providersQuery())
  const { id, launch } = useOwnLaunch()
  const engine = providers.filter((provider) => provider.id === 'embedded')
  const known = { datasets, models: list?.models ?? [], providers: engine }
  const draft = { ...firstDraft(null, { dataset: datasetId }, known), id }
  return (
    <>
      <div className="flex flex-wrap items-center gap-2">
        <Button
          variant="primary"
          busy={launch.isPending || launch.isSuccess}
          busyLabel={t('starting')}
          disabled={draft.model === ''}
          reason={t('notReady')}
          onClick={() => launch.mutate(draft)}
        >
          {t('action')}
        </Button>
        <LinkButton variant="ghost" href={form}>
          {t('settings')}
        </LinkButton>
      </div>
      {launch.error && <Failure error={launch.error} />}
    </>
  )
}
