'use client'
import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { Kbd } from '#components/ui/kbd.tsx'
import { TextLink } from '#components/ui/text-link.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import type { Backoff } from '#lib/providers/schema.ts'
import { type Blocker, canBeSentAnyway, type Plan } from './form-plan.ts'

/** Field labels by value path. */
const LABELS = {
  model: 'base',
  training: 'training',
  validation: 'validation',
  suffix: 'suffix',
  seed: 'seed',
  nEpochs: 'epochs',
  batchSize: 'batch',
  learningRateMultiplier: 'multiplier',
  learningRate: 'rate',
  beta: 'beta',
  patience: 'patience',
} as const

type Labelled = keyof typeof LABELS
const isLabelled = (part: string): part is Labelled => part in LABELS

/** Returns the label for a path such as `hyperparameters.nEpochs`. */
function useLabel(): (path: string) => string {
  const t = useTranslations('jobs.form')
  return (path) => {
    const part = path.split('.').findLast(isLabelled)
    return part ? t(LABELS[part]) : path
  }
}

function useWords(blocker: Blocker | null, hold: Backoff | null): string | null {
  const { list } = useFormat()
  const t = useTranslations('jobs.form.blocked')
  const labelOf = useLabel()
  if (!blocker) return null
  if (blocker.kind === 'hold') return t('hold', { message: hold?.message ?? '' })
  if (blocker.kind === 'draft') return t('draft', { fields: list(blocker.fields.map(labelOf)) })
  return 'count' in blocker ? t(blocker.kind, { count: blocker.count }) : t(blocker.kind)
}

function Reason({
  blocker,
  children,
  onSend,
}: {
  blocker: Blocker
  children: ReactNode
  onSend: () => void
}) {
  const t = useTranslations('jobs.form')
  return (
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-2 text-meta">
      <span>{children}</span>
      {'datasetId' in blocker && <TextLink href={`/datasets/${blocker.datasetId}`}>{t('open')}</TextLink>}
      {blocker.kind === 'hold' && <TextLink href="/providers">{t('look')}</TextLink>}
      {canBeSentAnyway(blocker) && (
        <Button variant="ghost" size="sm" className="ms-auto" onClick={onSend}>
          {t('sendAnyway')}
        </Button>
      )}
    </div>
  )
}

interface FormStartProps {
  plan: Plan | null
  blocker: Blocker | null
  /** Backoff of the selected provider. */
  hold: Backoff | null
  starting: boolean
  /** Jobs that the button starts. */
  count: number
  onStart: () => void
}

/** Start button; on a phone it stays within reach of the thumb. */
export function FormStart({ plan, blocker, hold, starting, count, onStart }: FormStartProps) {
  const { dollars } = useFormat()
  const t = useTranslations('jobs.form')
  const reason = useWords(blocker, hold)
  return (
    <div className="grid gap-2">
      <div className="flex items-center gap-3">
        {plan && plan.cost !== null && (
          <span className="text-2 tabular-nums wide:hidden">{dollars(plan.cost)}</span>
        )}
        <Button
          variant="primary"
          className="flex-1 justify-center"
          busy={starting}
          busyLabel={t('starting')}
          disabled={blocker !== null}
          reason={reason ?? undefined}
          onClick={onStart}
        >
          <span className="inline-flex items-center gap-2">
            {count > 1 ? t('startMany', { count }) : t('start')}
            <span aria-hidden="true" className="hidden wide:inline">
              <Kbd>mod+↵</Kbd>
            </span>
          </span>
        </Button>
      </div>
      {blocker && !starting && (
        <Reason blocker={blocker} onSend={onStart}>
          {reason}
        </Reason>
      )}
    </div>
  )
}
