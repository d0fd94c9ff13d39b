'use client'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useTranslations } from 'use-intl'
import { shortName } from '#components/models/model-options.ts'
import { useProviderName } from '#components/providers/use-provider-name.ts'
import { Button } from '#components/ui/button.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { Panel, PanelHead } from '#components/ui/panel.tsx'
import { Time } from '#components/ui/time.tsx'
import { useErrorWords } from '#components/ui/use-error-words.ts'
import { forgetWaitingMutation, waitingQuery } from '#lib/jobs/queries.ts'
import type { WaitingLaunch } from '#lib/jobs/waiting-schema.ts'

function Line({ waiting }: { waiting: WaitingLaunch }) {
  const t = useTranslations('launch.wait')
  const say = useErrorWords()
  const provider = useProviderName()
  const forget = useMutation(forgetWaitingMutation())
  const { at, error, id, model, providerId, suffix } = waiting
  const name = suffix || shortName(model)
  return (
    <li className="grid gap-1 px-4 py-2.5 not-first:border-t">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <bdi className="font-medium">{name}</bdi>
        <span className="text-3 text-meta">
          {provider(providerId)} · <bdi dir="ltr">{shortName(model)}</bdi>
        </span>
        {!error && <span>{t.rich('from', { time: () => <Time at={at} as="day" /> })}</span>}
        <span className="ms-auto">
          <Button
            size="sm"
            variant="ghost"
            busy={forget.isPending}
            aria-label={t('forgetNamed', { name })}
            onClick={() => forget.mutate(id)}
          >
            {t('forget')}
          </Button>
        </span>
      </div>
      {error && <p className="max-w-[80ch] text-bad">{say(error)}</p>}
      {forget.error && <Failure error={forget.error} />}
    </li>
  )
}

/** Launches that wait until their provider takes another job; nothing when none waits. */
export function WaitingPanel() {
  const t = useTranslations('launch.wait')
  const { data: waiting = [] } = useQuery(waitingQuery())
  if (waiting.length === 0) return null
  return (
    <Panel aria-labelledby="waiting-launches">
      <PanelHead id="waiting-launches" title={t('title')} meta={t('titleMeta')} />
      <ul>
        {waiting.map((one) => (
          <Line key={one.id} waiting={one} />
        ))}
      </ul>
    </Panel>
  )
}
