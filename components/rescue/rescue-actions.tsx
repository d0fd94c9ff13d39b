'use client'
import { useMutation } from '@tanstack/react-query'
import Download from 'lucide-react/icons/download'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { startRescueMutation, stopRescueMutation, zipAddress } from '#lib/rescue/queries.ts'
import type { Rescue } from '#lib/rescue/schema.ts'

const LABELS = {
  none: 'start',
  stopped: 'goOn',
  failed: 'goOn',
  done: 'again',
} as const satisfies Partial<Record<Rescue['state'], string>>

/** Starts, stops and exports the rescue of a provider. */
export function RescueActions({ rescue }: { rescue: Rescue }) {
  const t = useTranslations('rescue')
  const { providerId, state, configured, missing, bytes } = rescue
  const start = useMutation(startRescueMutation(providerId))
  const stop = useMutation(stopRescueMutation(providerId))
  const error = start.error ?? stop.error
  const isOver = state === 'done' && missing > 0
  return (
    <>
      <div className="flex flex-wrap gap-2">
        {state === 'running' ? (
          <Button busy={stop.isPending} onClick={() => stop.mutate()}>
            {t('stop')}
          </Button>
        ) : (
          <Button
            variant={state === 'done' ? undefined : 'primary'}
            busy={start.isPending}
            disabled={!configured}
            reason={t('noKey')}
            onClick={() => start.mutate({ retry: false })}
          >
            {t(LABELS[state])}
          </Button>
        )}
        {isOver && configured && (
          <Button busy={start.isPending} onClick={() => start.mutate({ retry: true })}>
            {t('retry')}
          </Button>
        )}
        {bytes > 0 && (
          <LinkButton
            href={zipAddress(providerId)}
            prefetch={false}
            download
            variant={state === 'done' ? 'primary' : undefined}
            icon={<Download size={14} aria-hidden />}
          >
            {t('export')}
          </LinkButton>
        )}
      </div>
      {error && <Failure error={error} />}
    </>
  )
}
