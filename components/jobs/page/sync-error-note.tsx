'use client'
import TriangleAlert from 'lucide-react/icons/triangle-alert'
import { useTranslations } from 'use-intl'
import { useProviderName } from '#components/providers/use-provider-name.ts'
import { LinkButton } from '#components/ui/link-button.tsx'
import { Note } from '#components/ui/note.tsx'
import { Time } from '#components/ui/time.tsx'
import { useErrorWords } from '#components/ui/use-error-words.ts'
import type { JobDetail } from '#lib/jobs/schema.ts'

const HOLDS = ['bad_key', 'forbidden', 'quota', 'rate_limited'] as const

/** Says that the data may be outdated: why, since when, and what to do. */
export function SyncErrorNote({ job: { trouble, providerId } }: { job: JobDetail }) {
  const t = useTranslations()
  const say = useErrorWords()
  const nameOf = useProviderName()
  if (!trouble) return null
  const hold = HOLDS.find((reason) => reason === trouble.code)
  return (
    <Note
      tone="warn"
      live
      icon={<TriangleAlert size={16} aria-hidden />}
      actions={
        hold && (
          <LinkButton size="sm" href="/providers">
            {t('job.syncError.toProviders')}
          </LinkButton>
        )
      }
    >
      <p>
        {t.rich(`job.syncError.${hold ?? 'failing'}`, {
          provider: nameOf(providerId),
          tries: trouble.tries,
          message: say(trouble),
          time: () => <Time at={trouble.since} as="clock" />,
        })}
      </p>
      {!hold && (
        <p dir="auto" className="text-3 text-meta">
          {say(trouble)}
        </p>
      )}
    </Note>
  )
}
