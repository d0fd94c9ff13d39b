'use client'
import { type ReactNode, useLayoutEffect, useRef } from 'react'
import { useTranslations } from 'use-intl'
import { AnswerLines } from '#components/domain/domain.ts'
import { SkeletonAnswer } from '#components/ui/skeleton.tsx'
import { WordDiff } from '#components/ui/word-diff.tsx'
import type { Grade } from '#lib/evals/graders/schema.ts'
import { type Column, isOpen } from '#lib/playground/columns.ts'

const Caret = () => (
  <span
    aria-hidden="true"
    className="ms-[3px] inline-block h-4 w-[7px] rounded-[1px] bg-current align-[-2px]"
  />
)

interface AnswerTextProps {
  column: Column
  /** The answer's lines where it is shown line by line, else null. */
  lines: readonly string[] | null
  /** What the domain's grader says of it. */
  grade: Grade | undefined
  /** Another answer that this one is held against, word by word. */
  baseline: string | null
  label: string
  /** Before the first answer. */
  placeholder: string
  /** After the last line: why it ended, and what to do. */
  ending: ReactNode
}

/** Follows the last line while it grows, unless the reader has scrolled away from it. */
function useFollow({ text, state }: Column) {
  const box = useRef<HTMLElement>(null)
  const atEnd = useRef(true)
  const look = () => {
    const { scrollTop = 0, clientHeight = 0, scrollHeight = 0 } = box.current ?? {}
    atEnd.current = scrollHeight - scrollTop - clientHeight < 32
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: these two are what grows the box
  useLayoutEffect(() => {
    if (box.current && atEnd.current) box.current.scrollTop = box.current.scrollHeight
  }, [text, state])
  return { ref: box, onScroll: look }
}

/** The answer in a box whose height never changes, so that nothing moves while it streams. Plain text only. */
export function AnswerText({ column, lines, grade, baseline, label, placeholder, ending }: AnswerTextProps) {
  const t = useTranslations('playground')
  const open = isOpen(column)
  const caret = open && <Caret />
  return (
    <section
      {...useFollow(column)}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      aria-label={label}
      aria-busy={open}
      className="-outline-offset-2! h-60 overflow-y-auto overscroll-contain ps-9 pe-4 pt-4 text-answer sm:h-[clamp(13rem,calc(100dvh-27.5rem),17rem)] sm:pe-5"
    >
      {column.state === 'empty' && <p className="max-w-[52ch] text-3 text-body">{placeholder}</p>}
      {column.state === 'waiting' && <SkeletonAnswer />}
      {lines && <AnswerLines lines={lines} grade={grade} caret={caret} reserve={open} />}
      {baseline !== null && <WordDiff before={baseline} after={column.text} />}
      {!lines && baseline === null && column.text && (
        <p dir="auto" className="people-text">
          {column.text}
          {caret}
        </p>
      )}
      {column.state === 'finished' && !column.text && <p className="text-3">{t('emptyAnswer')}</p>}
      {ending}
    </section>
  )
}
