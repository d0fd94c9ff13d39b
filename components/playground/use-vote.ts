import { useMutation, useQueryClient } from '@tanstack/react-query'
import { castVote } from '#lib/playground/queries.ts'
import type { Answers } from './use-answers.ts'
import type { Asked, Comparing } from './use-comparison.ts'
import type { Panes } from './use-panes.ts'

interface Ballot {
  asked: Asked
  sample: number
  winner: number | null
}

/** Records a vote for the better answer. */
export function useVote({ asked, running, restore }: Comparing, answers: Answers, panes: Panes) {
  const queries = useQueryClient()
  const { sample, setSample, votable, cast } = answers
  const { mutate, error, reset } = useMutation({
    mutationFn: ({ asked: { id }, ...vote }: Ballot) => castVote(id, vote),
    onSuccess: (made, { asked, sample }) => {
      // A vote reveals the names of a blind comparison, and the panes take its order.
      if (asked.hidden) panes.restore(made)
      restore(made)
      if (sample + 1 < made.question.samples) setSample(sample + 1)
      void queries.invalidateQueries({ queryKey: ['playground'] })
    },
  })
  return {
    /** @param winner the position of the better answer; null for a tie */
    vote: (winner: number | null) => {
      if (!asked || running || cast || votable.length < 2) return
      if (winner === null || votable.includes(winner)) mutate({ asked, sample, winner })
    },
    voteError: error,
    forgetError: reset,
  }
}
