import type { AnswerLinesProps } from '#components/domain/domain.ts'
import { cn } from '#components/ui/cn.ts'
import { RHYME } from '#lib/demo/limerick-lines.ts'
import type { Grade } from '#lib/evals/graders/schema.ts'

const isUnrhymed = (grade: Grade | undefined, line: number): boolean =>
  grade?.detail.first === line || grade?.detail.second === line

/** A limerick as five lines: A and B in the gutter, B indented; letters of a non-rhyming pair are struck through. */
export const VerseLines = ({ lines, grade, caret, reserve }: AnswerLinesProps) => (
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
              'absolute -start-3.5 font-mono text-[11px]',
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
