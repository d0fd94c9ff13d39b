'use client'
import ArrowLeftRight from 'lucide-react/icons/arrow-left-right'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import type { MessageTokens } from '#lib/datasets/schema.ts'
import { readTurns } from '#lib/training-data/edit.ts'
import { swapAnswers } from './preference.ts'
import { TurnList } from './turn-list.tsx'

export interface AnswersProps {
  text: string
  tokens: readonly MessageTokens[] | null
  /** Number of turns in the prompt. */
  before: number
  onText: (text: string) => void
}

/** The two answers of a preference pair, side by side. */
export function Answers({ text, tokens, before, onText }: AnswersProps) {
  const t = useTranslations('conversation.pair')
  const preferred = readTurns(text, 'preferred_output')?.length ?? 0
  const columns = [
    { list: 'preferred_output', label: t('preferred'), before },
    { list: 'non_preferred_output', label: t('notPreferred'), before: before + preferred },
  ] as const
  return (
    <>
      <div className="grid gap-x-6 sm:grid-cols-2">
        {columns.map((column) => (
          <section key={column.list} aria-label={column.label} className="@container min-w-0">
            <h3 className="pt-3 ps-1.5 font-semibold">{column.label}</h3>
            <TurnList {...column} text={text} tokens={tokens} answer onText={onText} />
          </section>
        ))}
      </div>
      <Button
        size="sm"
        variant="ghost"
        className="mt-2"
        icon={<ArrowLeftRight size={14} aria-hidden />}
        onClick={() => onText(swapAnswers(text))}
      >
        {t('swap')}
      </Button>
    </>
  )
}
