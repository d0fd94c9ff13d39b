'use client'
import { useTranslations } from 'use-intl'
import { Note } from '#components/ui/note.tsx'
import { RadioCards } from '#components/ui/radio-cards.tsx'

interface HeldOutChoiceProps {
  /** Number of the held-out row with this question. */
  number: number
  locked: boolean
  move: boolean
  onMove: (move: boolean) => void
}

/**
 * Warns that the target dataset holds out this question: after training on it, its score no longer shows whether the
 * model generalizes.
 */
export function HeldOutChoice({ number, locked, move, onMove }: HeldOutChoiceProps) {
  const t = useTranslations('playground.save.heldOut')
  return (
    <div className="grid gap-2">
      <Note tone="warn" live>
        {t(locked ? 'locked' : 'warning', { number })}
      </Note>
      {!locked && (
        <RadioCards
          label={t('choice')}
          value={move ? 'move' : 'add'}
          onValueChange={(value) => onMove(value === 'move')}
          options={[
            { value: 'move', label: t('move'), hint: t('moveHint') },
            { value: 'add', label: t('add'), hint: t('addHint') },
          ]}
        />
      )}
    </div>
  )
}
