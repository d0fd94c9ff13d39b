'use client'
import { memo } from 'react'
import { useTranslations } from 'use-intl'
import { cn } from '#components/ui/cn.ts'
import type { TokenView } from '#lib/datasets/schema.ts'
import { spelled } from './show-invisible.ts'

/** Tokens rendered; the rest is counted. */
const SHOWN = 2_000

function lookOf({ trained, special }: TokenView['tokens'][number], isCut: boolean) {
  if (isCut) return 'border-line text-3 line-through'
  if (trained)
    return 'border-accent-line bg-accent-soft text-accent underline decoration-accent-line underline-offset-3 [text-decoration-skip-ink:none]'
  return special ? 'border-line text-3' : 'border-line'
}

/** The tokens with hairlines between them; trained tokens are tinted and underlined. */
export const TokenList = memo(function TokenList({ view: { tokens, total, limit } }: { view: TokenView }) {
  const t = useTranslations('line.tokens')
  return (
    <>
      {/* The token order is what matters here: right-to-left text must not reorder the marks of a turn. */}
      <p dir="ltr" className="wrap-anywhere whitespace-pre-wrap font-mono text-2 text-meta leading-6">
        {tokens.slice(0, SHOWN).map((token, index) => (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: a token is identified by its position
            key={index}
            className={cn('border-e', lookOf(token, limit !== null && index >= limit))}
          >
            {spelled(token.text)}
          </span>
        ))}
      </p>
      {total > SHOWN && <p className="pt-1 text-3 text-meta">{t('more', { count: total - SHOWN })}</p>}
      {limit !== null && total > limit && (
        <p className="pt-1 text-meta text-warn">{t('cut', { count: total - limit, limit })}</p>
      )}
    </>
  )
})
