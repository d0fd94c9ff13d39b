import { useQuery } from '@tanstack/react-query'
import { domain } from '#lib/domain/domain.ts'
import type { Grade } from '#lib/evals/graders/schema.ts'
import { gradeQuery } from '#lib/evals/queries.ts'
import type { Column } from '#lib/playground/columns.ts'

/** The result of the domain's grader, for an answer that is shown line by line and has ended. */
export function useGrade({ state, text }: Column, lines: readonly string[] | null): Grade | undefined {
  const { data } = useQuery({
    ...gradeQuery(domain.linesGrader, text),
    enabled: lines !== null && state === 'finished',
  })
  return data
}
