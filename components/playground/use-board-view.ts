import { useSearchParams } from 'next/navigation'
import { useState } from 'react'
import type { Opening } from '#lib/playground/initial-panes.ts'
import { MOST_SAMPLES } from '#lib/playground/schema.ts'

const sampleCount = (text: string | null): number =>
  Math.min(MOST_SAMPLES, Math.max(1, Math.floor(Number(text)) || 1))

/** How the board is looked at, and how often each model is asked. */
export function useBoardView({ comparison }: Pick<Opening, 'comparison'>) {
  const address = useSearchParams()
  const [blind, setBlind] = useState(address.get('blind') === '1')
  const [diff, setDiff] = useState(address.get('diff') === '1')
  const [samples, setSamples] = useState(comparison?.question.samples ?? sampleCount(address.get('samples')))
  return { blind, setBlind, diff, setDiff, samples, setSamples }
}

export type BoardView = ReturnType<typeof useBoardView>
