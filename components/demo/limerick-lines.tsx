import type { ReactNode } from 'react'
import { cn } from '#components/ui/cn.ts'
import { RHYME } from '#lib/demo/limerick-lines.ts'
import type { Grade } from '#lib/evals/graders/schema.ts'

interface VerseLinesProps {
  lines: readonly string[]
  /** The letters of two lines that ought to rhyme and do not are struck through. */
  grade?: Grade
  /** After what is written so far. */
  caret?: ReactNode
  /** Keeps the place of the lines that are not written yet. */
  reserve?: boolean
}

const isUnrhymed = (grade: Grade | undefined, line: number): boolean =>
  grade?.detail.first === line || grade?.detail.second === line

/** A limerick as five lines: A and B in the gutter, B indented. A view: what is copied is the text itself. */
export const VerseLines = ({ lines, grade, caret, reserve }: VerseLinesProps) => (
  <ol dir="auto">
    {RHYME.map((rhyme, index) => {
      const line = lines[index]
      if (line === undefined && !reserve) return null
      return (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place in the verse
        <li key={index} className="relative flex">
          <span
            aria-hidden="true"
            className={cn(
              'absolute -start-5 font-mono text-[11px]',
              rhyme === 'B' ? 'text-accent' : 'text-3',
              isUnrhymed(grade, index + 1) && 'text-warn line-through',
            )}
          >
            {rhyme}
          </span>
          <span className={cn('people-text min-w-0', rhyme === 'B' && 'ps-4 sm:ps-7')}>
            {line === undefined ? <span className="inline-block h-2 w-40 rounded-xs bg-base-soft" /> : line}
            {index === lines.length - 1 && caret}
          </span>
        </li>
      )
    })}
  </ol>
)
