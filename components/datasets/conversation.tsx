'use client'
import Plus from 'lucide-react/icons/plus'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { newTurn, readTurns, type Turn, writeTurns } from '#lib/examples/edit.ts'
import { TurnEditor } from './turn.tsx'

export interface ConversationProps {
  /** The line; every change gives back a whole line. */
  text: string
  tokens: readonly number[] | null
  onText: (text: string) => void
}

const swap = (turns: readonly string[], at: number, by: -1 | 1): string[] => {
  const moved = [...turns]
  const [turn] = moved.splice(at, 1)
  if (turn !== undefined) moved.splice(at + by, 0, turn)
  return moved
}

/** Who would speak next. */
const nextRole = (turns: readonly Turn[]) => (turns.at(-1)?.value.role === 'user' ? 'assistant' : 'user')

/** The turns of a row, each edited in its own place of the line. */
export function Conversation({ text, tokens, onText }: ConversationProps) {
  const t = useTranslations('datasets')
  const turns = readTurns(text)
  if (!turns) return <p className="py-4 text-2">{t('row.notConversation')}</p>
  const raws = turns.map(({ raw }) => raw)
  const write = (next: readonly string[]) => onText(writeTurns(text, next))
  return (
    <>
      <ol>
        {turns.map((turn, index) => (
          <TurnEditor
            // biome-ignore lint/suspicious/noArrayIndexKey: a turn is its place
            key={index}
            turn={turn}
            number={index + 1}
            count={turns.length}
            tokens={tokens?.[index] ?? null}
            onChange={(raw) => write(raws.with(index, raw))}
            onMove={(by) => write(swap(raws, index, by))}
            onRemove={() => write(raws.toSpliced(index, 1))}
          />
        ))}
      </ol>
      <div className="py-2 sm:ps-33">
        <Button
          size="sm"
          variant="ghost"
          icon={<Plus size={14} aria-hidden />}
          onClick={() => write([...raws, newTurn(nextRole(turns))])}
        >
          {t('turn.add')}
        </Button>
      </div>
    </>
  )
}
