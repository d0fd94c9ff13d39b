import { useMutation } from '@tanstack/react-query'
import { resumeEvalMutation, stopEvalMutation } from '#lib/evals/queries.ts'

export const useEvalActions = (evalId: string) => ({
  stop: useMutation(stopEvalMutation(evalId)),
  resume: useMutation(resumeEvalMutation(evalId)),
})

export type EvalActions = ReturnType<typeof useEvalActions>
