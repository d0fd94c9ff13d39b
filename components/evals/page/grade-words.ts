import { useTranslations } from 'use-intl'
import { fixed } from '#components/ui/format.ts'
import { GRADING_LIMIT, type Grade, type Grader } from '#lib/evals/graders/schema.ts'

type Words = ReturnType<typeof useTranslations<'evals.page.grade'>>

function ofSchema({ passed, detail }: Grade, t: Words): string {
  if (passed) return t('jsonSchema')
  if (detail.fault === 'notJson') return t('notJson')
  return t('schema', { at: String(detail.at ?? '/'), words: String(detail.words ?? '') })
}

function ofLimerick({ passed, detail }: Grade, t: Words): string {
  const { parts, first, second, firstWord, secondWord } = detail
  const count = Number(parts ?? 0)
  if (passed) return t('limerick')
  if (first === undefined) return t('parts', { parts: count })
  const lines = { first: Number(first), second: Number(second) }
  // Grades of an earlier Limerick name no words.
  if (firstWord === undefined) return t('unrhymed', lines)
  return t('unrhymedWords', { ...lines, one: String(firstWord), other: String(secondWord) })
}

function ofElementFact({ passed, detail: { fault, element, fact, foreign } }: Grade, t: Words): string {
  if (fault === 'noElement') return t('noElement')
  const name = String(element ?? '')
  if (passed) return t('elementFact', { element: name, fact: String(fact ?? '') })
  return foreign === undefined
    ? t('noFact', { element: name })
    : t('foreignFact', { element: name, foreign: String(foreign) })
}

/** Why there is no grade. */
function ofFault({ fault, words }: Grade['detail'], t: Words): string {
  const seconds = GRADING_LIMIT / 1_000
  if (fault === 'threw') return t('fault.threw', { words: String(words ?? '') })
  return fault === 'late' ? t('fault.late', { seconds }) : t(`fault.${fault === 'died' ? 'died' : 'skipped'}`)
}

function sentence({ kind }: Grader, grade: Grade, t: Words): string {
  const { passed, detail } = grade
  if (passed === null) return ofFault(detail, t)
  if (detail.fault === 'noExpected') return t('noExpected')
  switch (kind) {
    case 'length':
      return t('length', { characters: Number(detail.characters ?? 0) })
    case 'similarity':
      return t('similarity', { score: fixed(grade.score ?? 0) })
    case 'jsonSchema':
      return ofSchema(grade, t)
    case 'limerick':
      return ofLimerick(grade, t)
    case 'elementFact':
      return ofElementFact(grade, t)
    default:
      return t(kind, { passed: passed ? 'yes' : 'no' })
  }
}

/** What a grader found, in a sentence. */
export function useGradeWords(): (grader: Grader, grade: Grade) => string {
  const t = useTranslations('evals.page.grade')
  return (grader, grade) => sentence(grader, grade, t)
}

/** A grader's name, with its limits where another of its kind could have others. */
export function useGraderName(): (grader: Grader) => string {
  const t = useTranslations('evals.grader')
  return (grader) => {
    if (grader.kind === 'length')
      return `${t('length')}, ${t('limits.length', { least: grader.least, most: grader.most })}`
    if (grader.kind === 'similarity')
      return `${t('similarity')}, ${t('limits.similarity', { pass: fixed(grader.pass) })}`
    return t(grader.kind)
  }
}
