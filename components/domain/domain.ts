import type { ReactNode } from 'react'
import type { useTranslations } from 'use-intl'
import { elementFactWords, limerickWords } from '#components/demo/grade-words.ts'
import { VerseLines } from '#components/demo/limerick-lines.tsx'
import type { DomainGrader } from '#lib/domain/domain.ts'
import type { Grade } from '#lib/evals/graders/schema.ts'

export interface AnswerLinesProps {
  lines: readonly string[]
  /** What the domain's grader says of the answer; lines that it faults are marked. */
  grade?: Grade
  /** After what is written so far. */
  caret?: ReactNode
  /** Keeps the place of the lines that are not written yet. */
  reserve?: boolean
}

/** An answer line by line. A view: what is copied is the text itself. */
export const AnswerLines: (props: AnswerLinesProps) => ReactNode = VerseLines

export type GradeWords = ReturnType<typeof useTranslations<'evals.page.grade'>>

/** What a grader of the domain found, in a sentence. */
export const domainGradeWords: Record<DomainGrader, (grade: Grade, t: GradeWords) => string> = {
  limerick: limerickWords,
  elementFact: elementFactWords,
}
