'use client'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { useTranslations } from 'use-intl'
import { jobName } from '#components/jobs/job-name.ts'
import { useQueue } from '#components/jobs/use-queue.ts'
import { Dot, type DotKind } from '#components/ui/dot.tsx'
import type { Tone } from '#components/ui/tone.ts'
import { useFormat } from '#components/ui/use-format.ts'
import { useEngine } from './use-engine.ts'

const looks: Record<'ok' | 'bad' | 'unknown' | 'training', { kind: DotKind; tone: Tone }> = {
  ok: { kind: 'full', tone: 'ok' },
  bad: { kind: 'full', tone: 'bad' },
  unknown: { kind: 'ring', tone: 'mute' },
  training: { kind: 'half', tone: 'busy' },
}

/** What the engine is at, in two lines, and where it leads. */
function useWords() {
  const { percent } = useFormat()
  const t = useTranslations('shell.engine')
  const state = useEngine()?.state ?? 'unknown'
  const queue = useQueue(state === 'ok')
  const training = state === 'ok' ? queue?.training : null
  if (!training) {
    const more = t(state === 'bad' ? 'see' : 'builtIn')
    return { state, look: looks[state], title: t(state), more, href: '/providers' }
  }
  const { id, step, totalSteps } = training
  const waiting = queue?.waiting.length ?? 0
  const parts = [
    step !== null && totalSteps ? percent(step / totalSteps) : null,
    waiting > 0 ? t('waiting', { count: waiting }) : null,
  ]
  return {
    state: 'training',
    look: looks.training,
    title: t('training', { name: jobName(training) }),
    more: parts.filter(Boolean).join(' · ') || t('builtIn'),
    href: `/jobs/${id}`,
  }
}

/** Whether the built-in engine responds and what it trains; shown at the foot of the navigation. */
export function EngineState() {
  const { look, title, more, href } = useWords()
  return (
    <Link
      href={href}
      title={`${title}. ${more}`}
      className="grid min-w-0 flex-1 place-items-center rounded-md p-1 wide:place-items-start wide:p-0 wide:pt-1"
    >
      <span className="inline-flex min-w-0 max-w-full items-center gap-1.5 font-medium">
        <Dot {...look} />
        <span role="status" className="sr-only truncate wide:not-sr-only">
          {title}
        </span>
      </span>
      <span className="hidden text-3 text-meta tabular-nums wide:block">{more}</span>
    </Link>
  )
}

/** The same in one line, on a phone: on the first page, and wherever the engine works or is silent. */
export function EngineLine() {
  const isHome = usePathname() === '/'
  const { state, look, title, more, href } = useWords()
  if (!isHome && state !== 'training' && state !== 'bad') return null
  return (
    <div data-engine-line="" className="border-b">
      {/* The words of a status are no part of a link's name. */}
      <span role="status" className="sr-only">
        {title}
      </span>
      <Link href={href} className="-outline-offset-2! flex h-8 min-w-0 items-center gap-2 px-4 text-meta">
        <Dot {...look} />
        <span className="truncate font-medium">{title}</span>
        <span className="ms-auto shrink-0 text-3 tabular-nums">{more}</span>
      </Link>
    </div>
  )
}
