import { useTranslations } from 'use-intl'
import { domainGradeWords, type GradeWords } from '#components/domain/domain.ts'
import type { Format } from '#components/ui/format.ts'
import { useFormat } from '#components/ui/use-format.ts'
import { GRADING_LIMIT } from '#lib/evals/graders/limit.ts'
import type { Grade, Grader } from '#lib/evals/graders/schema.ts'

function ofSchema({ passed, detail }: Grade, t: GradeWords): string {
  if (passed) return t('jsonSchema')
  if (detail.fault === 'notJson') return t('notJson')
  return t('schema', { at: String(detail.at ?? '/'), words: String(detail.words ?? '') })
}

/** Why there is no grade. */
function ofFault({ fault, words }: Grade['detail'], t: GradeWords): string {
  const seconds = GRADING_LIMIT / 1_000
  if (fault === 'threw') return t('fault.threw', { words: String(words ?? '') })
  return fault === 'late' ? t('fault.late', { seconds }) : t(`fault.${fault === 'died' ? 'died' : 'skipped'}`)
}

function sentence({ kind }: Grader, grade: Grade, t: GradeWords, { fixed }: Format): string {
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
    case 'exact':
    case 'contains':
    case 'regex':
      return t(kind, { passed: passed ? 'yes' : 'no' })
    default:
      return domainGradeWords[kind](grade, t)
  }
}

/** Describes the result of a grader in a sentence. */
export function useGradeWords(): (grader: Grader, grade: Grade) => string {
  const format = useFormat()
  const t = useTranslations('evals.page.grade')
  return (grader, grade) => sentence(grader, grade, t, format)
}

/** Name of a grader, with its limits if graders of this kind can have different ones. */
export function useGraderName(): (grader: Grader) => string {
  const { fixed, list } = useFormat()
  const t = useTranslations('evals.grader')
  return (grader) => {
    if (grader.kind === 'length')
      return list([t('length'), t('limits.length', { least: grader.least, most: grader.most })])
    if (grader.kind === 'similarity')
      return list([t('similarity'), t('limits.similarity', { pass: fixed(grader.pass) })])
    return t(grader.kind)
  }
}
