'use client'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import { findInvisible, withoutInvisible } from './invisible.ts'

export interface HiddenCharactersProps {
  text: string
  /** Accessible name of the field with the text. */
  field: string
  onText: (text: string) => void
}

/** Positions listed one by one; the rest is counted. */
const NAMED = 3

/** Lists the hidden characters in a text and offers to remove them. */
export function HiddenCharacters({ text, field, onText }: HiddenCharactersProps) {
  const { list } = useFormat()
  const t = useTranslations('conversation.hidden')
  const found = findInvisible(text)
  if (found.length === 0) return null
  const places = found.slice(0, NAMED).map((place) => t('place', { ...place }))
  return (
    <p className="flex flex-wrap items-center gap-x-2 px-2.5 text-meta text-warn">
      {t('found', {
        count: found.length,
        places: list(places),
        more: Math.max(0, found.length - NAMED),
      })}
      <Button
        size="sm"
        variant="ghost"
        aria-label={t('removeFrom', { field })}
        onClick={() => onText(withoutInvisible(text))}
      >
        {t('remove')}
      </Button>
    </p>
  )
}
