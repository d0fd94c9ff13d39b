'use client'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { Page } from '#components/shell/page.tsx'
import { PageHeader } from '#components/shell/page-header.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { Note } from '#components/ui/note.tsx'
import { Panel, PanelBody } from '#components/ui/panel.tsx'
import { SkeletonAnswer } from '#components/ui/skeleton.tsx'
import { useErrorWords } from '#components/ui/use-error-words.ts'
import { datasetsQuery } from '#lib/datasets/queries.ts'
import type { DatasetSummary } from '#lib/datasets/schema.ts'
import { modelsQuery } from '#lib/models/queries.ts'
import type { ListedModel } from '#lib/models/schema.ts'

/** What a form chooses from. */
export interface Choices {
  datasets: readonly DatasetSummary[]
  models: readonly ListedModel[]
}

interface FormPageProps {
  title: string
  /** The form, once what it chooses from is there. */
  children: (choices: Choices) => ReactNode
}

/** The page of a form that asks models: says which models are missing, and waits for datasets and models. */
export function FormPage({ title, children }: FormPageProps) {
  const t = useTranslations('evals')
  const words = useTranslations('models')
  const say = useErrorWords()
  const datasets = useQuery(datasetsQuery())
  const models = useQuery(modelsQuery())
  const failed = [datasets, models].find(({ data, error }) => error && !data)
  return (
    <>
      <PageHeader crumbs={[{ label: t('title'), href: '/evals' }, { label: title }]} />
      <Page>
        {models.data?.failures.map((failure) => (
          <Note key={failure.providerId}>
            {words('missingFrom', { name: failure.name, message: say(failure) })}
          </Note>
        ))}
        {failed && (
          <Failure title={t('form.loadFailed')} error={failed.error} onRetry={() => failed.refetch()} />
        )}
        {!failed && !(datasets.data && models.data) && (
          <Panel aria-label={t('form.loading')}>
            <PanelBody>
              <SkeletonAnswer />
            </PanelBody>
          </Panel>
        )}
        {datasets.data && models.data && children({ datasets: datasets.data, models: models.data.models })}
      </Page>
    </>
  )
}
