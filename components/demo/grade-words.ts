import type { GradeWords } from '#components/domain/domain.ts'
import type { Grade } from '#lib/evals/graders/schema.ts'

/** Says that an answer is a limerick, or which lines do not rhyme. */
export function limerickWords({ passed, detail }: Grade, t: GradeWords): string {
  const { parts, first, second, firstWord, secondWord } = detail
  const count = Number(parts ?? 0)
  if (passed) return t('limerick')
  if (first === undefined) return t('parts', { parts: count })
  const lines = { first: Number(first), second: Number(second) }
  // Grades from an earlier version of Limerick hold no words.
  if (firstWord === undefined) return t('unrhymed', lines)
  return t('unrhymedWords', { ...lines, one: String(firstWord), other: String(secondWord) })
}

/** Says which word is a fact about the element, or which word belongs to another element. */
export function elementFactWords({ passed, detail }: Grade, t: GradeWords): string {
  const { fault, element, fact, foreign } = detail
  if (fault === 'noElement') return t('noElement')
  const name = String(element ?? '')
  if (passed) return t('elementFact', { element: name, fact: String(fact ?? '') })
  return foreign === undefined
    ? t('noFact', { element: name })
    : t('foreignFact', { element: name, foreign: String(foreign) })
}
