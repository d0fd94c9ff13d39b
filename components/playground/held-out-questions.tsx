'use client'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'

interface HeldOutQuestionsProps {
  /** The next one first. */
  questions: readonly string[]
  running: boolean
  onAsk: (question: string) => void
}

/** Questions shown besides the next one. */
const SHOWN = 4

/** Other held-out questions, each one press away. */
export function HeldOutQuestions({ questions, running, onAsk }: HeldOutQuestionsProps) {
  const t = useTranslations('playground')
  const [next] = questions
  if (next === undefined) return null
  return (
    <section
      aria-label={t('heldOutQuestions')}
      className="flex flex-wrap items-center gap-x-2 gap-y-1.5 border-t px-4 py-2"
    >
      <Button
        size="sm"
        hotkey="N"
        aria-keyshortcuts="n"
        title={t('nextHeldOutHint')}
        disabled={running}
        onClick={() => onAsk(next)}
      >
        {t('nextHeldOut')}
      </Button>
      {questions.slice(0, SHOWN).map((question) => (
        <Button
          key={question}
          size="sm"
          variant="ghost"
          disabled={running}
          onClick={() => onAsk(question)}
          className="max-w-56 max-sm:max-w-full"
        >
          <bdi className="truncate">{question}</bdi>
        </Button>
      ))}
    </section>
  )
}
