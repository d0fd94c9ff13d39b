'use client'
import Play from 'lucide-react/icons/play'
import Square from 'lucide-react/icons/square'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { cn } from '#components/ui/cn.ts'
import { Field } from '#components/ui/field.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { Textarea } from '#components/ui/textarea.tsx'
import { ViewsMenu } from '#components/views/views-menu.tsx'
import type { Opening } from '#lib/playground/initial-panes.ts'
import { queryOf } from '#lib/playground/preset.ts'
import type { Preset } from '#lib/playground/schema.ts'
import { HeldOutQuestions } from './held-out-questions.tsx'
import { SamplesField, SamplingFields } from './sampling-fields.tsx'
import { SystemChip } from './system-chip.tsx'
import type { BoardView } from './use-board-view.ts'
import type { Question } from './use-question.ts'

interface ComposerProps extends RunButtonProps {
  question: Question
  onQuestion: (change: Partial<Question>) => void
  samples: number
  onSamples: BoardView['setSamples']
  opening: Pick<Opening, 'training' | 'heldOut'>
  /** Whether a pane has earlier turns. */
  talking: boolean
  /** Other held-out questions, the next one first. */
  questions: readonly string[]
  /** The answer of the held-out row with this question; null if there is none. */
  expected: string | null
  /** Asks one of them. */
  onHeldOut: (question: string) => void
  onPreset: (preset: Preset) => void
  onStartOver: () => void
  /** Adds the answers to each conversation; null while that is impossible. */
  onGoOn: (() => void) | null
}

const row = 'flex items-start gap-x-3 px-4 py-2 not-first:border-t'
const label = 'hidden w-16 shrink-0 pt-2.5 text-3 text-meta sm:block'

interface RunButtonProps {
  running: boolean
  /** Why the question cannot be sent; null if it can. */
  reason: string | null
  onRun: () => void
  onStop: () => void
}

function RunButton({ running, reason, onRun, onStop }: RunButtonProps) {
  const t = useTranslations('playground')
  if (running)
    return (
      <Button
        icon={<Square size={14} aria-hidden />}
        hotkey="Esc"
        aria-keyshortcuts="Escape"
        onClick={onStop}
      >
        {t('stopAll')}
      </Button>
    )
  return (
    <Button
      variant="primary"
      icon={<Play size={14} aria-hidden />}
      hotkey="mod+↵"
      aria-keyshortcuts="Meta+Enter Control+Enter"
      disabled={reason !== null}
      reason={reason ?? undefined}
      onClick={onRun}
    >
      {t('run')}
    </Button>
  )
}

/** The prompt and settings for all panes. */
export function Composer(props: ComposerProps) {
  const { question, onQuestion, opening, running, reason, onRun, onStop, talking } = props
  const { training, heldOut } = opening
  const t = useTranslations('playground')
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
            <SystemChip
              system={question.system}
              training={training}
              onTake={() => onQuestion({ system: training })}
            />
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
            placeholder={t(talking ? 'nextPlaceholder' : 'promptPlaceholder')}
            className="-ms-2.5 max-h-60 font-medium text-answer"
          />
        </Field>
        {heldOut !== null && question.prompt === heldOut && (
          <span className="hidden pt-2 text-3 text-meta sm:inline">{t('heldOut')}</span>
        )}
        <RunButton running={running} reason={reason} onRun={onRun} onStop={onStop} />
      </div>
      {props.expected !== null && (
        <div className={row}>
          <span className="w-16 shrink-0 text-3 text-meta">{t('expected')}</span>
          <p dir="auto" title={props.expected} className="people-text line-clamp-3 min-w-0 text-2">
            {props.expected}
          </p>
        </div>
      )}
      <HeldOutQuestions questions={props.questions} running={running} onAsk={props.onHeldOut} />
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2 border-t px-4 py-2">
        <span className="hidden w-16 shrink-0 text-3 text-meta sm:-me-1 sm:block">{t('settings')}</span>
        <SamplingFields value={question} onChange={onQuestion} />
        <SamplesField value={props.samples} onChange={props.onSamples} />
        <span className="ms-auto flex flex-wrap items-center gap-2">
          <ViewsMenu
            list="playground"
            query={queryOf({ ...question, samples: props.samples })}
            onOpen={async ({ query }) => {
              const { presetOf } = await import('#lib/playground/read-preset.ts')
              const preset = presetOf(query)
              if (preset) props.onPreset(preset)
            }}
          />
          {talking && (
            <Button size="sm" variant="ghost" onClick={props.onStartOver} disabled={running}>
              {t('startOver')}
            </Button>
          )}
          {props.onGoOn && (
            <Button size="sm" onClick={props.onGoOn}>
              {t('goOn')}
            </Button>
          )}
        </span>
      </div>
    </Panel>
  )
}
