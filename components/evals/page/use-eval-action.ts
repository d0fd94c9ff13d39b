import { useMutation, useQueryClient } from '@tanstack/react-query'
import { resumeEval, stopEval } from '#lib/evals/queries.ts'
import type { ResumeDraft } from '#lib/evals/schema.ts'

/** Stops or resumes the evaluation; both refetch the page. */
export function useEvalActions(evalId: string) {
  const queries = useQueryClient()
  const look = () => queries.invalidateQueries({ queryKey: ['evals'] })
  const stop = useMutation({ mutationFn: () => stopEval(evalId), onSettled: look })
  const resume = useMutation({
    mutationFn: (body: ResumeDraft) => resumeEval(evalId, body),
    onSettled: look,
  })
  return { stop, resume }
}

export type EvalActions = ReturnType<typeof useEvalActions>
