'use client'
import { type ReactNode, useState } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from './button.tsx'
import { isLong } from './textarea.tsx'

/** Lines of a clamped text, and how many more it must have to be clamped. */
const LINES = 12
const SPARE = 4
/** Characters of a line at the usual width, to tell a tall text without a layout of it. */
const WIDTH = 72

const linesOf = (text: string): number =>
  text.split('\n').reduce((sum, line) => sum + Math.max(1, Math.ceil(line.length / WIDTH)), 0)

export interface ClampedProps {
  text: string
  /** Accessible name of the text. */
  label: string
  /** The field, given the class that limits its height, if any. */
  children: (clamp: string | undefined) => ReactNode
}

/** Limits the height of a tall text to twelve lines, which scroll, until the user asks for all of it. */
export function Clamped({ text, label, children }: ClampedProps) {
  const t = useTranslations('ui.longText')
  // A text that grows while the user types is not clamped under their hands.
  const [isTall] = useState(() => !isLong(text) && linesOf(text) > LINES + SPARE)
  const [whole, setWhole] = useState(false)
  if (!isTall) return children(undefined)
  return (
    <>
      {children(whole ? undefined : 'max-h-75')}
      <Button
        size="sm"
        variant="ghost"
        aria-expanded={whole}
        aria-label={whole ? undefined : t('showAllLabel', { label })}
        onClick={() => setWhole(!whole)}
      >
        {t(whole ? 'showLess' : 'showAll')}
      </Button>
    </>
  )
}
