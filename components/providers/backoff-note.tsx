'use client'
import { useMutation } from '@tanstack/react-query'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { Time } from '#components/ui/time.tsx'
import { releaseHoldMutation } from '#lib/providers/queries.ts'
import type { ProviderWithHealth } from '#lib/providers/schema.ts'

/** Why requests to a provider are paused, with a button to retry. */
export function BackoffNote({ provider: { id, hold } }: { provider: ProviderWithHealth }) {
  const t = useTranslations('spending.hold')
  const release = useMutation(releaseHoldMutation())
  if (!hold) return null
  return (
    <div className="grid gap-1.5 sm:col-span-2">
      <p className="text-2">
        {t.rich(hold.reason, { time: () => <Time at={hold.since} as="clock" /> })}{' '}
        {hold.until !== null && t.rich('until', { time: () => <Time at={hold.until ?? 0} as="clock" /> })}
      </p>
      <p dir="auto" className="text-3 text-meta">
        {hold.message}
      </p>
      <div>
        <Button size="sm" busy={release.isPending} onClick={() => release.mutate(id)}>
          {t('again')}
        </Button>
      </div>
      {release.error && <Failure error={release.error} />}
    </div>
  )
}
