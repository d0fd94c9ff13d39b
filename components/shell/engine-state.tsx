'use client'
import Link from 'next/link'
import { useTranslations } from 'use-intl'
import { Dot, type DotKind } from '#components/ui/dot.tsx'
import type { Tone } from '#components/ui/tone.ts'
import { useEngine } from './use-engine.ts'

const looks: Record<'ok' | 'bad' | 'unknown', { kind: DotKind; tone: Tone }> = {
  ok: { kind: 'full', tone: 'ok' },
  bad: { kind: 'full', tone: 'bad' },
  unknown: { kind: 'ring', tone: 'mute' },
}

/** Whether the built-in engine responds; shown at the foot of the navigation. */
export function EngineState() {
  const t = useTranslations('shell.engine')
  const state = useEngine()?.state ?? 'unknown'
  return (
    <Link
      href="/providers"
      title={t(state)}
      className="grid min-w-0 flex-1 place-items-center rounded-md p-1 wide:place-items-start wide:p-0 wide:pt-1"
    >
      <span className="inline-flex items-center gap-1.5 font-medium">
        <Dot {...looks[state]} />
        <span role="status" className="sr-only wide:not-sr-only">
          {t(state)}
        </span>
      </span>
      <span className="hidden text-3 text-meta wide:block">{t(state === 'bad' ? 'see' : 'builtIn')}</span>
    </Link>
  )
}
