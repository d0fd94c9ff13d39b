'use client'
import { type KeyboardEvent, type PointerEvent, useState } from 'react'
import { useTranslations } from 'use-intl'
import { cn } from '#components/ui/cn.ts'
import { useFormat } from '#components/ui/use-format.ts'
import type { AnswerToken } from '#lib/playground/schema.ts'

/** Probabilities below which a token is marked, from doubtful to unlikely. */
const DOUBTFUL = 0.9
const UNSURE = 0.5
const UNLIKELY = 0.2

function lookOf(probability: number): string | false {
  if (probability < UNLIKELY) return 'bg-bad-soft text-bad'
  if (probability < UNSURE) return 'bg-warn-soft text-warn'
  return probability < DOUBTFUL && 'bg-base-soft'
}

/** A token as it can be seen: spaces and line ends have no shape of their own. */
const visible = (token: string): string => token.replaceAll('\n', '↵').replaceAll(' ', '␣')

function TokenWords({ token }: { token: AnswerToken | undefined }) {
  const { list, percent } = useFormat()
  const t = useTranslations('playground')
  if (!token) return <>{t('tokenHint')}</>
  const others = token.likeliest.filter(({ text }) => text !== token.text)
  const words = ({ text, probability }: { text: string; probability: number }) =>
    t('token', { token: `\u2068${visible(text)}\u2069`, share: percent(probability) })
  return (
    <>
      <b className="font-medium text-1">{words(token)}</b>
      {others.length > 0 && <> · {t('tokenOthers', { others: list(others.map(words)) })}</>}
    </>
  )
}

/** The tokens of an answer; the less likely one was, the more it stands out. */
export function TokenText({ tokens }: { tokens: readonly AnswerToken[] }) {
  const t = useTranslations('playground')
  const [shown, setShown] = useState<number | null>(null)
  const move = (event: KeyboardEvent) => {
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key]
    if (by === undefined || event.altKey || event.ctrlKey || event.metaKey) return
    event.preventDefault()
    setShown((at) => Math.min(tokens.length - 1, Math.max(0, (at ?? -1) + by)))
  }
  const point = ({ target }: PointerEvent) => {
    const at = target instanceof HTMLElement ? target.dataset.token : undefined
    if (at !== undefined) setShown(Number(at))
  }
  return (
    <>
      <section
        dir="auto"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: arrow keys move through the tokens
        tabIndex={0}
        aria-label={t('tokenView')}
        onKeyDown={move}
        onPointerMove={point}
        className="people-text"
      >
        {tokens.map(({ text, probability }, index) => (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: a token is identified by its place
            key={index}
            data-token={index}
            className={cn('rounded-xs', lookOf(probability), shown === index && 'outline-2 outline-accent')}
          >
            {text}
          </span>
        ))}
      </section>
      <p role="status" className="sticky bottom-0 mt-3 border-t bg-surface py-2 text-2 text-meta">
        <TokenWords token={shown === null ? undefined : tokens[shown]} />
      </p>
    </>
  )
}
