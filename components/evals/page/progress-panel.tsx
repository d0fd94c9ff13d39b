'use client'
import { type ReactNode, useState } from 'react'
import { useFormatter, useTranslations } from 'use-intl'
import { useProviderName } from '#components/providers/use-provider-name.ts'
import { Button } from '#components/ui/button.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { Panel, PanelBody } from '#components/ui/panel.tsx'
import { ProgressBar } from '#components/ui/progress-bar.tsx'
import { State } from '#components/ui/state.tsx'
import { TextLink } from '#components/ui/text-link.tsx'
import { Tick } from '#components/ui/tick.tsx'
import { Time } from '#components/ui/time.tsx'
import { useErrorWords } from '#components/ui/use-error-words.ts'
import { useFormat } from '#components/ui/use-format.ts'
import { fromWire } from '#lib/core/errors.ts'
import { RECORDING } from '#lib/evals/constants.ts'
import type { EvalPage, Pause } from '#lib/evals/schema.ts'
import { EvalState } from '../eval-state.tsx'
import { Excluded } from '../form-estimate.tsx'
import { SplitChip } from '../split-chip.tsx'
import type { EvalActions } from './use-eval-action.ts'

const tones = { running: 'busy', paused: 'warn', stopped: 'mute', failed: 'bad' } as const

/** Why requests to a provider are paused, as worded by the provider, and until when. */
function PauseWords({ pause }: { pause: Pause }) {
  const { providerId, code, until } = pause
  const say = useErrorWords()
  const t = useTranslations('evals.page')
  const name = useProviderName()
  return (
    <li className="grid gap-0.5">
      <State tone="warn" kind="half">
        {t('pausedAt', { provider: name(providerId) })}
      </State>
      <p dir="auto" className="ms-3.5 text-2">
        {say(pause)}
      </p>
      <p className="ms-3.5 text-3 text-meta">
        {until === null
          ? t('pausedMeaning')
          : t.rich('until', { time: () => <Time at={until} as="clock" /> })}{' '}
        {code === 'over_cap' && <TextLink href="/providers#spending">{t('limits')}</TextLink>}
      </p>
    </li>
  )
}

/** Micro-dollars that one answer may cost, according to the pauses; null if no pause needs confirmation. */
function sumAsked(pauses: readonly Pause[]): number | null {
  const asking = pauses.filter(({ code }) => code === 'needs_confirmation')
  if (asking.length === 0) return null
  return Math.max(...asking.map(({ facts }) => Number(facts?.estimate ?? 0)))
}

interface PartProps {
  page: EvalPage
  actions: EvalActions
}

/** Pauses with their reasons and the next step; a sum above the spending limit needs confirmation. */
function Pauses({ page, actions: { resume } }: PartProps) {
  const { dollars } = useFormat()
  const t = useTranslations('evals.page')
  const sum = sumAsked(page.pauses)
  const [agreed, setAgreed] = useState<number | null>(null)
  if (page.pauses.length === 0) return null
  const yes = sum === null || agreed === sum
  return (
    <div className="grid gap-3 border-t px-4 py-3">
      <ul className="grid gap-2">
        {page.pauses.map((pause) => (
          <PauseWords key={pause.providerId} pause={pause} />
        ))}
      </ul>
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        {sum !== null && (
          <Tick checked={agreed === sum} onCheckedChange={(on) => setAgreed(on ? sum : null)}>
            {sum > 0 ? t('agreeEach', { sum: dollars(sum) }) : t('agreeUnknown')}
          </Tick>
        )}
        <Button
          size="sm"
          busy={resume.isPending}
          busyLabel={t('resuming')}
          disabled={!yes}
          reason={yes ? undefined : t('agreeFirst')}
          onClick={() => resume.mutate({ confirmed: sum })}
        >
          {t('resume')}
        </Button>
      </div>
    </div>
  )
}

const LOST = [
  ['failed', 'missingFailed'],
  ['interrupted', 'missingCut'],
  ['lost', 'missingLost'],
  ['skipped', 'missingSkipped'],
] as const

/** Missing answers, with a retry that may be billed a second time. */
function Missing({ page, actions: { resume } }: PartProps) {
  const t = useTranslations('evals.page')
  const format = useFormatter()
  const parts = LOST.flatMap(([part, words]) => {
    const count = page.columns.reduce((sum, column) => sum + column[part], 0)
    return count > 0 ? [t(words, { count })] : []
  })
  if (parts.length === 0 || page.state === 'running') return null
  return (
    <div className="flex flex-wrap items-center gap-x-4 gap-y-2 border-t px-4 py-3">
      <p className="min-w-0 flex-1 basis-64">
        <State tone="warn" quiet className="whitespace-normal!">
          {t('missing', { parts: format.list(parts, { type: 'conjunction' }) })}
        </State>
        <span className="ms-3.5 block text-3 text-meta">
          {t('againMeaning')} {t('againPaid')}
        </span>
      </p>
      <Button
        size="sm"
        busy={resume.isPending}
        busyLabel={t('asking')}
        onClick={() => resume.mutate({ again: true })}
      >
        {t('again')}
      </Button>
    </div>
  )
}

function LeftOut({ page }: { page: EvalPage }) {
  const t = useTranslations('evals.page')
  if (page.excluded.length === 0) return null
  return (
    <details className="border-t px-4 py-2.5">
      <summary className="rounded-xs text-2">
        {t('excluded', { count: page.excluded.length })}{' '}
        <span className="text-accent">{t('excludedShow')}</span>
      </summary>
      <div className="pt-2">
        <Excluded rows={page.excluded} />
      </div>
    </details>
  )
}

const Quiet = ({ children }: { children: ReactNode }) => <span className="text-3 text-meta">{children}</span>

/** Rows, progress, cost, and anything that blocks the evaluation. */
export function ProgressPanel({ page, actions }: PartProps) {
  const { dollars } = useFormat()
  const t = useTranslations('evals.page')
  const words = useTranslations('evals')
  const { done, cells, state, paid, createdAt, finishedAt } = page
  return (
    <Panel aria-label={t('progress')}>
      <PanelBody className="grid gap-2">
        <div className="flex flex-wrap items-center gap-x-4 gap-y-1.5">
          <EvalState state={state} />
          <span className="tabular-nums">{t('answers', { done, cells })}</span>
          {page.datasetId !== RECORDING && <SplitChip split={page.split} />}
          <Quiet>
            {t.rich('times', {
              rows: words('rows', { count: page.rowCount }),
              ended: finishedAt === null ? 'no' : 'yes',
              start: () => <Time at={createdAt} />,
              end: () => finishedAt !== null && <Time at={finishedAt} as="clock" />,
            })}
          </Quiet>
          <span className="text-3 text-meta tabular-nums sm:ms-auto">
            {paid === null ? t('paidUnknown') : t('paid', { sum: dollars(paid) })}
          </span>
        </div>
        {state !== 'done' && (
          <ProgressBar value={done} max={Math.max(cells, 1)} tone={tones[state]} label={t('progressLabel')} />
        )}
        {page.split === 'train' && (
          <State tone="warn" quiet className="whitespace-normal!">
            {words('trainMeaning')}
          </State>
        )}
      </PanelBody>
      {page.error && <Failure title={t('failed')} error={fromWire({ error: page.error })} />}
      <Pauses page={page} actions={actions} />
      <Missing page={page} actions={actions} />
      <LeftOut page={page} />
    </Panel>
  )
}
