'use client'
import { useState } from 'react'
import type { Series } from '#components/ui/series.ts'
import { MOST_AT_ONCE, MOST_COMPARED } from '#lib/jobs/constants.ts'
import type { Job } from '#lib/jobs/schema.ts'

/** Selected jobs; the first ones have a unique colour each, under which they are compared. */
export interface Choice {
  chosen: readonly Job[]
  colourOf: (jobId: string) => Series | undefined
  isChosen: (jobId: string) => boolean
  toggle: (job: Job) => void
  /** Selects all of these, or none of them. */
  choose: (jobs: readonly Job[], chosen: boolean) => void
  clear: () => void
  /** Deselects jobs that are gone. */
  forget: (jobIds: readonly string[]) => void
  /** There are too many to be compared. */
  isMany: boolean
  /** No more can be selected. */
  isFull: boolean
}

const COLOURS: readonly Series[] = [1, 2, 3, 4, 5, 6, 7]

interface Chosen {
  job: Job
  colour: Series | undefined
}

/** A job keeps its colour until it is deselected; the next one without a colour then gets it. */
function coloured(chosen: readonly Chosen[]): Chosen[] {
  const free = COLOURS.filter((colour) => chosen.every((one) => one.colour !== colour))
  return chosen.map((one) => (one.colour ? one : { ...one, colour: free.shift() }))
}

export function useChoice(): Choice {
  const [chosen, setChosen] = useState<readonly Chosen[]>([])
  const find = (jobId: string) => chosen.find(({ job }) => job.id === jobId)
  const choose = (jobs: readonly Job[], isWanted: boolean) =>
    setChosen((before) => {
      const ids = new Set(jobs.map(({ id }) => id))
      if (!isWanted) return coloured(before.filter(({ job }) => !ids.has(job.id)))
      const known = new Set(before.map(({ job }) => job.id))
      const added = jobs.filter(({ id }) => !known.has(id)).map((job) => ({ job, colour: undefined }))
      return coloured([...before, ...added].slice(0, MOST_AT_ONCE))
    })
  return {
    // Ordered by colour; the comparison page keeps this order.
    chosen: chosen
      .toSorted((a, b) => (a.colour ?? COLOURS.length + 1) - (b.colour ?? COLOURS.length + 1))
      .map(({ job }) => job),
    colourOf: (jobId) => find(jobId)?.colour,
    isChosen: (jobId) => find(jobId) !== undefined,
    toggle: (job) => choose([job], find(job.id) === undefined),
    choose,
    clear: () => setChosen([]),
    forget: (jobIds) => setChosen((before) => coloured(before.filter(({ job }) => !jobIds.includes(job.id)))),
    isMany: chosen.length > MOST_COMPARED,
    isFull: chosen.length >= MOST_AT_ONCE,
  }
}
