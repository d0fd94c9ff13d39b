'use client'
import { useMemo } from 'react'
import { useTranslations } from 'use-intl'
import { WordDiff } from '#components/ui/word-diff.tsx'
import { wordParts } from '#components/ui/word-parts.ts'

interface AnswerDiffProps {
  /** The first pane's answer. */
  before: string
  after: string
}

/** An answer against the first one: word by word, or side by side when they have little in common. */
export function AnswerDiff({ before, after }: AnswerDiffProps) {
  const t = useTranslations('playground')
  const { apart } = useMemo(() => wordParts(before, after), [before, after])
  if (!apart) return <WordDiff before={before} after={after} />
  const sides = [
    { title: t('firstAnswer'), text: before, quiet: true },
    { title: t('thisAnswer'), text: after, quiet: false },
  ]
  return (
    <>
      <p className="pb-2 text-3 text-body">{t('littleInCommon')}</p>
      <div className="grid gap-4 @md:grid-cols-2">
        {sides.map(({ title, text, quiet }) => (
          <p key={title} dir="auto" className={quiet ? 'people-text text-3' : 'people-text'}>
            <span className="sr-only">{title}: </span>
            {text}
          </p>
        ))}
      </div>
    </>
  )
}
