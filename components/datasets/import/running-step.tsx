'use client'
import Check from 'lucide-react/icons/check'
import { useTranslations } from 'use-intl'
import { cn } from '#components/ui/cn.ts'
import { Note } from '#components/ui/note.tsx'
import { ProgressBar } from '#components/ui/progress-bar.tsx'
import type { Phase, Run } from './use-run.ts'

type Running = Extract<Run, { state: 'running' }>

const STEPS = ['sending', 'reading', 'checking'] as const satisfies Phase[]
const placeOf = (phase: Phase): number => (STEPS as readonly Phase[]).indexOf(phase)

function Steps({ phase }: Pick<Running, 'phase'>) {
  const t = useTranslations('imports.running')
  const at = placeOf(phase)
  return (
    <ol aria-label={t('steps')} className="flex gap-5">
      {STEPS.map((step, index) => (
        <li
          key={step}
          aria-current={index === at ? 'step' : undefined}
          className={cn('flex items-center gap-1.5 text-meta', index === at ? 'font-medium' : 'text-3')}
        >
          {index < at && <Check size={14} aria-label={t('stepDone')} className="text-ok" />}
          {t(`step.${step}`)}
        </li>
      ))}
    </ol>
  )
}

/** One progress value over all phases, so that the bar never moves back. */
function shareOf({ phase, share }: Running): number | null {
  const at = placeOf(phase)
  return at === -1 || share === null ? null : (at + Math.min(1, share)) / STEPS.length
}

export interface RunningStepProps {
  run: Running
  /** The user has asked to close the dialog. */
  leaving: boolean
  /** Name of a file that was dropped during the import. */
  missed: string | null
}

/** The phase and progress of an import. */
export function RunningStep({ run, leaving, missed }: RunningStepProps) {
  const t = useTranslations('imports.running')
  const { name, phase } = run
  return (
    <div className="grid max-w-2xl gap-4">
      <p role="status" className="wrap-anywhere font-medium">
        {t(phase, { name })}
      </p>
      <ProgressBar value={shareOf(run)} label={t('bar', { name })} />
      {phase !== 'copying' && <Steps phase={phase} />}
      <p className="text-2">{t('whole')}</p>
      {leaving && <Note live>{t('leave')}</Note>}
      {missed && <Note live>{t('missed', { name: missed })}</Note>}
    </div>
  )
}
