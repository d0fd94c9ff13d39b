'use client'
import { useState } from 'react'
import type { Series } from '#components/ui/series.ts'
import { type Job, MOST_COMPARED } from '#lib/jobs/schema.ts'

/** Jobs selected for comparison, each with a unique colour until it is deselected. */
export interface Choice {
  chosen: readonly Job[]
  colourOf: (jobId: string) => Series | undefined
  toggle: (job: Job) => void
  clear: () => void
  isFull: boolean
}

const COLOURS: readonly Series[] = [1, 2, 3, 4, 5, 6, 7]

export function useChoice(): Choice {
  const [chosen, setChosen] = useState<readonly { job: Job; colour: Series }[]>([])
  const toggle = (job: Job) =>
    setChosen((before) => {
      if (before.some(({ job: { id } }) => id === job.id))
        return before.filter(({ job: { id } }) => id !== job.id)
      const colour = COLOURS.find((one) => before.every((other) => other.colour !== one))
      return colour ? [...before, { job, colour }] : before
    })
  return {
    // Ordered by colour; the comparison page keeps this order.
    chosen: chosen.toSorted((a, b) => a.colour - b.colour).map(({ job }) => job),
    colourOf: (jobId) => chosen.find(({ job }) => job.id === jobId)?.colour,
    toggle,
    clear: () => setChosen([]),
    isFull: chosen.length >= MOST_COMPARED,
  }
}
