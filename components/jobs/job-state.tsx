'use client'
import { useTranslations } from 'use-intl'
import type { DotKind } from '#components/ui/dot.tsx'
import { State } from '#components/ui/state.tsx'
import type { Tone } from '#components/ui/tone.ts'

const looks = {
  preparing: { kind: 'half', tone: 'busy' },
  validating_files: { kind: 'half', tone: 'busy' },
  queued: { kind: 'ring', tone: 'mute' },
  running: { kind: 'half', tone: 'busy' },
  pausing: { kind: 'half', tone: 'warn' },
  paused: { kind: 'half', tone: 'warn' },
  succeeded: { kind: 'full', tone: 'ok' },
  failed: { kind: 'full', tone: 'bad' },
  cancelled: { kind: 'ring', tone: 'mute' },
  unknown: { kind: 'ring', tone: 'warn' },
} as const satisfies Record<string, { kind: DotKind; tone: Tone }>

type Known = keyof typeof looks

const isKnown = (status: string): status is Known => Object.hasOwn(looks, status)

/** The word for a status; an unknown status is shown as the provider sent it. */
export function useStatusWord(): (status: string) => string {
  const t = useTranslations('jobs.status')
  return (status) => (isKnown(status) ? t(status) : status)
}

/** Job status as dot and word. */
export function JobState({ status, quiet }: { status: string; quiet?: boolean }) {
  const word = useStatusWord()
  const look = isKnown(status) ? looks[status] : { kind: 'ring' as const, tone: 'mute' as const }
  return (
    <State {...look} quiet={quiet} pulse={status === 'running'}>
      <bdi>{word(status)}</bdi>
    </State>
  )
}
