'use client'
import { lazy, type ReactNode, Suspense, useLayoutEffect, useRef } from 'react'
import { useTranslations } from 'use-intl'
import { AnswerLines } from '#components/domain/domain.ts'
import { Markdown } from '#components/ui/markdown.tsx'
import type { Block } from '#components/ui/markdown-blocks.ts'
import { SkeletonAnswer } from '#components/ui/skeleton.tsx'
import type { Grade } from '#lib/evals/graders/schema.ts'
import { type Column, isOpen } from '#lib/playground/columns.ts'
import { SampleList } from './sample-list.tsx'
import { TokenText } from './token-text.tsx'

const AnswerDiff = lazy(() => import('./answer-diff.tsx').then((module) => ({ default: module.AnswerDiff })))

const Plain = ({ children }: { children: ReactNode }) => (
  <p dir="auto" className="people-text">
    {children}
  </p>
)

const Caret = () => (
  <span
    aria-hidden="true"
    className="ms-[3px] inline-block h-4 w-[7px] rounded-[1px] bg-current align-[-2px]"
  />
)

interface AnswerTextProps {
  column: Column
  /** The lines of the answer if it is shown line by line, else null. */
  lines: readonly string[] | null
  /** The result of the domain's grader. */
  grade: Grade | undefined
  /** Another answer for a word-by-word comparison. */
  baseline: string | null
  /** Other answers of the same model, to show all of them; null: only `column`. */
  samples: readonly Column[] | null
  /** The answer as Markdown; null: as plain text. */
  blocks: readonly Block[] | null
  /** Whether to show how likely each token was. */
  tokens: boolean
  label: string
  /** Shown before the first answer. */
  placeholder: string
  /** Shown after the last line: why the answer ended, and what to do. */
  ending: ReactNode
}

/** Scrolls with the growing text, unless the user has scrolled up. */
function useFollow({ text, state }: Column) {
  const box = useRef<HTMLElement>(null)
  const atEnd = useRef(true)
  const look = () => {
    const { scrollTop = 0, clientHeight = 0, scrollHeight = 0 } = box.current ?? {}
    atEnd.current = scrollHeight - scrollTop - clientHeight < 32
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: the box grows when these two change
  useLayoutEffect(() => {
    if (box.current && atEnd.current) box.current.scrollTop = box.current.scrollHeight
  }, [text, state])
  return { ref: box, onScroll: look }
}

/** The answer in a box of fixed height, so that nothing moves while it streams. */
export function AnswerText(props: AnswerTextProps) {
  const { column, lines, grade, baseline, samples, blocks, tokens, label, placeholder, ending } = props
  const t = useTranslations('playground')
  const open = isOpen(column)
  const plain = !lines && baseline === null && !blocks && !tokens && !samples
  const caret = open && <Caret />
  return (
    <section
      {...useFollow(column)}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard
      tabIndex={0}
      aria-label={label}
      aria-busy={open}
      className="-outline-offset-2! h-60 overflow-y-auto overscroll-contain ps-4 pe-5 pt-4 sm:ps-5 text-answer sm:h-[clamp(13rem,calc(100dvh-27.5rem),17rem)]"
    >
      {column.state === 'empty' && <p className="max-w-[52ch] text-3 text-body">{placeholder}</p>}
      {column.state === 'waiting' && <SkeletonAnswer />}
      {samples && <SampleList samples={samples} />}
      {blocks && <Markdown blocks={blocks} under={2} />}
      {tokens && <TokenText tokens={column.tokens} />}
      {lines && <AnswerLines lines={lines} grade={grade} caret={caret} reserve={open} />}
      {baseline !== null && (
        <Suspense fallback={<Plain>{column.text}</Plain>}>
          <AnswerDiff before={baseline} after={column.text} />
        </Suspense>
      )}
      {plain && column.text && (
        <Plain>
          {column.text}
          {caret}
        </Plain>
      )}
      {column.state === 'finished' && !column.text && <p className="text-3">{t('emptyAnswer')}</p>}
      {ending}
    </section>
  )
}
