'use client'
import { useQuery } from '@tanstack/react-query'
import { useId } from 'react'
import { useTranslations } from 'use-intl'
import { BackoffNote } from '#components/providers/backoff-note.tsx'
import { Panel, PanelBody, PanelHead } from '#components/ui/panel.tsx'
import { State } from '#components/ui/state.tsx'
import { Time } from '#components/ui/time.tsx'
import { useErrorWords } from '#components/ui/use-error-words.ts'
import { useFormat } from '#components/ui/use-format.ts'
import { providersQuery } from '#lib/providers/queries.ts'
import type { Rescue } from '#lib/rescue/schema.ts'
import { MeterTable } from './meter-table.tsx'
import { RescueActions } from './rescue-actions.tsx'
import { stateOf, toneOf } from './words.ts'

/** Why the provider is left alone just now; the rescue waits for it. */
function Waiting({ providerId }: Pick<Rescue, 'providerId'>) {
  const { data: providers = [] } = useQuery({ ...providersQuery(), refetchInterval: 5_000 })
  const provider = providers.find(({ id }) => id === providerId)
  return provider?.hold ? <BackoffNote provider={provider} /> : null
}

/** The rescue of one provider: how far it is, and what to do with it. */
export function RescuePanel({ rescue }: { rescue: Rescue }) {
  const t = useTranslations('rescue')
  const { bytes } = useFormat()
  const say = useErrorWords()
  const title = useId()
  const { endedAt, error, state } = rescue
  return (
    <Panel aria-labelledby={title}>
      <PanelHead id={title} title={<bdi>{rescue.name}</bdi>}>
        {rescue.bytes > 0 && (
          <span className="text-3 text-meta">{t('size', { bytes: bytes(rescue.bytes) })}</span>
        )}
        <State tone={toneOf(rescue)} pulse={state === 'running'}>
          {t(`state.${stateOf(rescue)}`)}
        </State>
      </PanelHead>
      <PanelBody className="grid gap-3">
        {state === 'none' && <p className="max-w-[72ch] text-2">{t('meaning')}</p>}
        {error && <p className="text-bad">{say(error)}</p>}
        {state === 'running' && <Waiting providerId={rescue.providerId} />}
        <RescueActions rescue={rescue} />
        {endedAt !== null && (
          <p className="text-3 text-meta">{t.rich('ended', { time: () => <Time at={endedAt} /> })}</p>
        )}
      </PanelBody>
      {rescue.meters.length > 0 && (
        <div className="border-t">
          <MeterTable rescue={rescue} />
        </div>
      )}
    </Panel>
  )
}
