'use client'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Page } from '#components/shell/page.tsx'
import { PageHeader } from '#components/shell/page-header.tsx'
import { Button } from '#components/ui/button.tsx'
import { lazily } from '#components/ui/lazily.tsx'
import { studioModelsQuery } from '#lib/models/queries.ts'
import type { ModelRef, StudioModel } from '#lib/models/schema.ts'
import { AddModelButton } from './add-model-dialog.tsx'
import { AliasPanel } from './alias-panel.tsx'
import { type AskedModel, CodeDialog } from './code-dialog.tsx'
import { KeysPanel } from './keys-panel.tsx'
import { LibraryPanel } from './library-panel.tsx'
import { ModelsPanel } from './models-panel.tsx'
import type { PointStart } from './point-dialog.tsx'

const PointDialog = lazily(() => import('./point-dialog.tsx').then((module) => module.PointDialog))

export interface ModelsPageProps {
  /** Base URL of this installation's `/v1`. */
  baseURL: string
  /** Render time in ms, from which days are counted. */
  now: number
}

const find = (models: readonly StudioModel[], { providerId, model }: ModelRef) =>
  models.find((one) => one.providerId === providerId && one.id === model)

/** Models, aliases and API keys. */
export function ModelsPage({ baseURL, now }: ModelsPageProps) {
  const t = useTranslations()
  const { data } = useQuery(studioModelsQuery())
  const [start, setStart] = useState<PointStart | null>(null)
  const [asked, setAsked] = useState<AskedModel | null>(null)
  const models = data?.models ?? []
  const askFor = (name: string, ref: ModelRef) =>
    setAsked({ name, lineage: find(models, ref)?.lineage ?? null })
  return (
    <>
      <PageHeader crumbs={[{ label: t('models.page') }]} help="models">
        <AddModelButton />
        <Button variant="primary" onClick={() => setStart({ name: null, ref: null })}>
          {t('aliases.point')}
        </Button>
      </PageHeader>
      <Page>
        <AliasPanel models={models} onPoint={setStart} onCode={askFor} />
        <LibraryPanel />
        <ModelsPanel now={now} onPoint={setStart} onCode={askFor} />
        <KeysPanel />
        {start && <PointDialog start={start} models={models} onClose={() => setStart(null)} />}
        {asked && <CodeDialog baseURL={baseURL} asked={asked} onClose={() => setAsked(null)} />}
      </Page>
    </>
  )
}
