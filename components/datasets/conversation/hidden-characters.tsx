'use client'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { findInvisible, withoutInvisible } from './invisible.ts'

export interface HiddenCharactersProps {
  text: string
  /** Whose text it is, for screen readers. */
  field: string
  onText: (text: string) => void
}

/** Places that are named one by one. */
const NAMED = 3

/** Says what cannot be seen in a text, and takes it out. */
export function HiddenCharacters({ text, field, onText }: HiddenCharactersProps) {
  const t = useTranslations('conversation.hidden')
  const found = findInvisible(text)
  if (found.length === 0) return null
  const places = found.slice(0, NAMED).map((place) => t('place', { ...place }))
  return (
    <p className="flex flex-wrap items-center gap-x-2 px-2.5 text-meta text-warn">
      {t('found', {
        count: found.length,
        places: places.join(', '),
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
