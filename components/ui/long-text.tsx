'use client'
import { type ReactNode, useId, useState } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from './button.tsx'
import { cn } from './cn.ts'
import { isLong } from './textarea.tsx'

/** Characters of a long text shown before the user asks for all of it. */
const SHOWN = 4_000

/** The beginning of a text, not cut inside a surrogate pair. */
const beginningOf = (text: string): string => text.slice(0, SHOWN).replace(/[\ud800-\udbff]$/, '')

export interface LongTextProps {
  text: string
  /** Accessible name of the text. */
  label: string
  /** Set by another part of the page to show the whole text at once. */
  whole?: boolean
  mono?: boolean
  dir?: 'auto' | 'ltr'
  /** Number of the turn in the line, so that the page can move the focus to it. */
  'data-turn'?: number
  /** The field for the whole text. */
  children: ReactNode
}

/**
 * A text to edit. Of a text too long to lay out quickly, shows only the beginning until the user asks for all of it.
 */
export function LongText({ text, label, whole, mono, dir = 'auto', children, ...rest }: LongTextProps) {
  const t = useTranslations('ui.longText')
  // A text that becomes long while the user types stays a field.
  const [open, setOpen] = useState(() => !isLong(text))
  const note = useId()
  if (open || whole) return children
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-1.5 px-2.5 py-1.5">
      <section
        aria-label={t('beginning', { label })}
        dir={dir}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keyboard
        tabIndex={0}
        className={cn(
          'wrap-anywhere max-h-60 overflow-y-auto whitespace-pre-wrap',
          mono ? 'font-mono text-meta leading-5' : 'people-text text-read',
        )}
      >
        {beginningOf(text)}…
      </section>
      <p className="flex flex-wrap items-center gap-x-2 gap-y-1 text-3 text-meta">
        <span id={note}>{t('shown', { shown: SHOWN, total: text.length })}</span>
        <Button
          size="sm"
          aria-label={t('editLabel', { label })}
          aria-describedby={note}
          onClick={() => setOpen(true)}
          {...rest}
        >
          {t('edit')}
        </Button>
      </p>
    </div>
  )
}
