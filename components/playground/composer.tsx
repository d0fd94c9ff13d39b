'use client'
import Play from 'lucide-react/icons/play'
import Square from 'lucide-react/icons/square'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { Chip } from '#components/ui/chip.tsx'
import { cn } from '#components/ui/cn.ts'
import { Field } from '#components/ui/field.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { Textarea } from '#components/ui/textarea.tsx'
import type { Sampling } from '#lib/playground/schema.ts'
import { SamplingFields } from './sampling-fields.tsx'

export interface Question extends Sampling {
  system: string
  prompt: string
}

interface ComposerProps {
  question: Question
  onQuestion: (change: Partial<Question>) => void
  /** What the fine-tuned model was told in training; null where it is not known. */
  training: string | null
  /** The question that was kept out of training, to say so while it stands. */
  heldOut: string | null
  running: boolean
  /** Why it cannot run, or null. */
  reason: string | null
  onRun: () => void
  onStop: () => void
}

const row = 'flex items-start gap-x-3 px-4 py-2 not-first:border-t'
const label = 'hidden w-16 shrink-0 pt-2.5 text-3 text-meta sm:block'

/** One question for every pane. Asking with another system prompt than in training asks another model, so it says so. */
export function Composer(props: ComposerProps) {
  const { question, onQuestion, training, heldOut, running, reason, onRun, onStop } = props
  const t = useTranslations('playground')
  const matches = question.system === training
  return (
    <Panel aria-label={t('composer')}>
      <div className={cn(row, 'flex-wrap sm:flex-nowrap')}>
        <span aria-hidden="true" className={label}>
          {t('system')}
        </span>
        <Field label={t('system')} hideLabel className="basis-full sm:flex-1">
          <Textarea
            bare
            value={question.system}
            onValueChange={(system) => onQuestion({ system })}
            placeholder={t('systemPlaceholder')}
            className="-ms-2.5 max-h-40 text-2"
          />
        </Field>
        {training !== null && (
          <span className="flex flex-wrap items-center gap-2 py-1 sm:justify-end">
            {!matches && (
              <Button size="sm" variant="ghost" onClick={() => onQuestion({ system: training })}>
                {t('takeTraining')}
              </Button>
            )}
            <Chip tone={matches ? 'ok' : 'warn'} dot="full">
              {t(matches ? 'matchesTraining' : 'differsFromTraining')}
            </Chip>
          </span>
        )}
      </div>
      <div className={row}>
        <span aria-hidden="true" className={label}>
          {t('prompt')}
        </span>
        <Field label={t('prompt')} hideLabel className="flex-1">
          <Textarea
            bare
            value={question.prompt}
            onValueChange={(prompt) => onQuestion({ prompt })}
            placeholder={t('promptPlaceholder')}
            className="-ms-2.5 max-h-60 font-medium text-answer"
          />
        </Field>
        {heldOut !== null && question.prompt === heldOut && (
          <span className="hidden pt-2 text-3 text-meta sm:inline">{t('heldOut')}</span>
        )}
        {running ? (
          <Button
            icon={<Square size={14} aria-hidden />}
            hotkey="Esc"
            aria-keyshortcuts="Escape"
            onClick={onStop}
          >
            {t('stopAll')}
          </Button>
        ) : (
          <Button
            variant="primary"
            icon={<Play size={14} aria-hidden />}
            hotkey="⌘↵"
            aria-keyshortcuts="Meta+Enter Control+Enter"
            disabled={reason !== null}
            reason={reason ?? undefined}
            onClick={onRun}
          >
            {t('run')}
          </Button>
        )}
      </div>
      <SamplingFields value={question} onChange={onQuestion} />
    </Panel>
  )
}
