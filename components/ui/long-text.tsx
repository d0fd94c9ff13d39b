'use client'
import { type ReactNode, useId, useState } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from './button.tsx'
import { cn } from './cn.ts'
import { isLong } from './textarea.tsx'

/** Characters of a long text that are shown until all of it is asked for. */
const SHOWN = 4_000

/** The beginning of a text that does not end between the halves of a character. */
const beginningOf = (text: string): string => text.slice(0, SHOWN).replace(/[\ud800-\udbff]$/, '')

export interface LongTextProps {
  text: string
  /** Whose text it is, for screen readers. */
  label: string
  /** Asked for by another part of the page: then all of it is there at once. */
  whole?: boolean
  mono?: boolean
  dir?: 'auto' | 'ltr'
  /** Which turn of a line it is, so that it can be gone to. */
  'data-turn'?: number
  /** The field that holds all of the text. */
  children: ReactNode
}

/** A text to edit; of one that would keep the page busy only the beginning, until all of it is asked for. */
export function LongText({ text, label, whole, mono, dir = 'auto', children, ...rest }: LongTextProps) {
  const t = useTranslations('ui.longText')
  // A text that grows long under the hand stays a field.
  const [open, setOpen] = useState(() => !isLong(text))
  const note = useId()
  if (open || whole) return children
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-1.5 px-2.5 py-1.5">
      <section
        aria-label={t('beginning', { label })}
        dir={dir}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
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
