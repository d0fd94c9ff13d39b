'use client'
import { useTranslations } from 'use-intl'
import { Note } from '#components/ui/note.tsx'
import { RadioCards } from '#components/ui/radio-cards.tsx'

interface HeldOutChoiceProps {
  /** Of the row that holds the question back. */
  number: number
  locked: boolean
  move: boolean
  onMove: (move: boolean) => void
}

/** The question is held out where the row would go: trained on, it no longer tells what was learnt. */
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
