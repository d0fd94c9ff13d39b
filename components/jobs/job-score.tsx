'use client'
import { useScoreWords } from '#components/evals/scores-words.ts'
import type { JobScore as Score } from '#lib/jobs/schema.ts'

/** `29/30`, with its interval on hover and for screen readers. */
export function JobScore({ score }: { score: Score | null }) {
  const words = useScoreWords()
  if (!score) return '–'
  const { level, interval } = words(score)
  return (
    <span title={interval}>
      {level}
      <span className="sr-only"> ({interval})</span>
    </span>
  )
}
