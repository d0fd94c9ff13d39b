'use client'
import Check from 'lucide-react/icons/check'
import { useTranslations } from 'use-intl'
import { cn } from '#components/ui/cn.ts'
import { Panel } from '#components/ui/panel.tsx'
import { STEPS, type Step } from './next-step.ts'

interface PathStripProps {
  now: Step
  rows: number
  ready: number
  runs: number
}

/** The steps and the current one; a completed step shows a tick and its count. */
export function ProgressSteps({ now, rows, ready, runs }: PathStripProps) {
  const t = useTranslations('home')
  const at = STEPS.indexOf(now)
  // Shipped samples do not count as the user's work.
  const has: Partial<Record<Step, number>> = { write: rows, check: ready }
  return (
    <Panel aria-label={t('path')}>
      <ol className="grid grid-cols-4 lg:grid-cols-8">
        {STEPS.map((step, index) => {
          const done = index < at && has[step] !== 0
          const here = index === at
          return (
            <li
              key={step}
              aria-current={here ? 'step' : undefined}
              className={cn(
                'grid content-start justify-items-center gap-0.5 px-1 py-2.5 not-first:border-s sm:justify-items-start sm:px-4 sm:py-3',
                'max-lg:nth-[n+5]:border-t max-lg:nth-[5]:border-s-0',
                here && 'inset-shadow-[0_2px_0_var(--accent)]',
              )}
            >
              <span className="flex items-center gap-1.5 text-meta sm:text-body">
                {done ? (
                  <Check size={14} aria-label={t('done')} className="text-ok" />
                ) : (
                  <span className="hidden text-3 text-micro tabular-nums sm:inline">{index + 1}</span>
                )}
                <span className={done || here ? 'font-medium' : 'text-3'}>{t(`step.${step}`)}</span>
              </span>
              <span className="hidden text-3 text-meta sm:block">
                {here ? t('detail.next') : t(`detail.${step}`, { rows, ready, runs })}
              </span>
            </li>
          )
        })}
      </ol>
    </Panel>
  )
}
