'use client'
import { useQuery } from '@tanstack/react-query'
import { useTranslations } from 'use-intl'
import { LinkButton } from '#components/ui/link-button.tsx'
import { Panel, PanelBody, PanelHead } from '#components/ui/panel.tsx'
import { State } from '#components/ui/state.tsx'
import { rescuesQuery } from '#lib/rescue/queries.ts'
import { RescueActions } from './rescue-actions.tsx'
import { stateOf, toneOf } from './words.ts'

/** Offers on the Providers page to copy an account's history here. */
export function RescueCard() {
  const t = useTranslations('rescue')
  const { data: rescues = [] } = useQuery(rescuesQuery())
  if (rescues.length === 0) return null
  return (
    <Panel aria-labelledby="rescue-card">
      <PanelHead id="rescue-card" title={t('title')} />
      <PanelBody className="grid gap-3">
        <p className="max-w-[80ch] text-2">
          {t('meaning')} {t('why')}
        </p>
        {rescues.map((rescue) => (
          <div key={rescue.providerId} className="flex flex-wrap items-center gap-x-3 gap-y-2">
            <bdi className="font-medium">{rescue.name}</bdi>
            <State quiet tone={toneOf(rescue)} pulse={rescue.state === 'running'}>
              {t(`state.${stateOf(rescue)}`)}
            </State>
            {rescue.state === 'none' && <RescueActions rescue={rescue} />}
            <LinkButton href="/rescue">{t('open')}</LinkButton>
          </div>
        ))}
      </PanelBody>
    </Panel>
  )
}
