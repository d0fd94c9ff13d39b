import type { ReactNode } from 'react'
import type { useTranslations } from 'use-intl'
import { elementFactWords, limerickWords } from '#components/demo/grade-words.ts'
import { VerseLines } from '#components/demo/limerick-lines.tsx'
import type { DomainGrader } from '#lib/domain/domain.ts'
import type { Grade } from '#lib/evals/graders/schema.ts'

export interface AnswerLinesProps {
  lines: readonly string[]
  /** The domain grader's result; lines with an error are marked. */
  grade?: Grade
  /** Shown after the text written so far. */
  caret?: ReactNode
  /** Reserves space for lines that are not written yet. */
  reserve?: boolean
}

/** An answer line by line. Display only: copying returns the original text. */
export const AnswerLines: (props: AnswerLinesProps) => ReactNode = VerseLines

export type GradeWords = ReturnType<typeof useTranslations<'evals.page.grade'>>

/** The result of a domain grader as a sentence. */
export const domainGradeWords: Record<DomainGrader, (grade: Grade, t: GradeWords) => string> = {
  limerick: limerickWords,
  elementFact: elementFactWords,
}
