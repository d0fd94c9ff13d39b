import { elementFactGrade, limerickGrade } from '#lib/demo/grades.ts'
import type { DomainGrader } from './domain.ts'

/** A domain grader's result for an answer, with the numbers and words it found. */
interface Verdict {
  passed: boolean
  detail: Record<string, string | number>
}

/** Domain graders by kind. Only the grading process loads them, because their tables are large. */
export const domainJudges: Record<DomainGrader, (answer: string, question: string) => Verdict> = {
  limerick: limerickGrade,
  elementFact: elementFactGrade,
}
