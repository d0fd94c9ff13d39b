import { elementFactGrade, limerickGrade } from '#lib/demo/grades.ts'
import type { DomainGrader } from './domain.ts'

/** What a grader of the domain says of an answer, with what it found in numbers and words of the answer. */
interface Verdict {
  passed: boolean
  detail: Record<string, string | number>
}

/** Graders of the domain, by kind. Only the grading process loads them: their tables are big. */
export const domainJudges: Record<DomainGrader, (answer: string, question: string) => Verdict> = {
  limerick: limerickGrade,
  elementFact: elementFactGrade,
}
