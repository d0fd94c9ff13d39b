import { useMutation } from '@tanstack/react-query'
import { castVoteMutation, withdrawVoteMutation } from '#lib/playground/queries.ts'
import type { Comparison } from '#lib/playground/schema.ts'
import type { Answers } from './use-answers.ts'
import type { Comparing } from './use-comparison.ts'
import type { Panes } from './use-panes.ts'

/** Records a vote for the better answer. */
export function useVote({ asked, running, restore }: Comparing, answers: Answers, panes: Panes) {
  const { sample, setSample, votable, cast } = answers
  const { mutate, error, reset } = useMutation(castVoteMutation())
  const back = useMutation(withdrawVoteMutation())
  return {
    /** Takes the vote on the shown sample back. */
    takeBack: () => {
      if (asked && cast) back.mutate({ id: asked.id, sample }, { onSuccess: restore })
    },
    /** @param winner the position of the better answer; null for a tie */
    vote: (winner: number | null) => {
      if (!asked || running || cast || votable.length < 2) return
      if (winner !== null && !votable.includes(winner)) return
      const show = (made: Comparison) => {
        // A vote reveals the names of a blind comparison, and the panes take its order.
        if (asked.hidden) panes.reveal(made)
        restore(made)
        if (sample + 1 < made.question.samples) setSample(sample + 1)
      }
      mutate({ id: asked.id, sample, winner }, { onSuccess: show })
    },
    voteError: error ?? back.error,
    forgetError: () => {
      reset()
      back.reset()
    },
  }
}
