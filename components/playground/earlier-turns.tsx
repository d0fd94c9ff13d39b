'use client'
import { useTranslations } from 'use-intl'
import { cn } from '#components/ui/cn.ts'
import type { Turn } from '#lib/playground/schema.ts'

/** Earlier turns of a pane, before the current question. */
export function Said({ turns }: { turns: readonly Turn[] }) {
  const t = useTranslations('playground')
  if (turns.length === 0) return null
  return (
    <ol
      aria-label={t('saidBefore')}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard
      tabIndex={0}
      className="max-h-40 space-y-2 overflow-y-auto border-b bg-sunken px-4 py-2.5 text-meta sm:px-5"
    >
      {turns.map(({ role, content }, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a turn is identified by its index in the conversation
        <li key={index} className={cn(role === 'user' && 'font-medium')}>
          <span className="sr-only">{t(role === 'user' ? 'youSaid' : 'itSaid')} </span>
          <p dir="auto" className="people-text">
            {content}
          </p>
        </li>
      ))}
    </ol>
  )
}
