import { useEffect, useRef, useState } from 'react'
import { AppError } from '#lib/core/errors.ts'
import { advance, type Column, columnOfAnswer, emptyColumn, end, isOpen } from '#lib/playground/columns.ts'
import { askAgain, askPanes } from '#lib/playground/queries.ts'
import type { CompareChunk, CompareDraft, Comparison, Vote } from '#lib/playground/schema.ts'

/** A comparison on the page, finished or in progress. */
export interface Asked {
  id: string
  /** Blind, and without a vote yet. */
  hidden: boolean
  blind: boolean
  samples: number
  votes: Vote[]
  /** By position, then by sample. */
  columns: Column[][]
}

const columnsOf = (panes: number, samples: number): Column[][] =>
  Array.from({ length: panes }, () => Array.from({ length: samples }, () => emptyColumn))

/** Converts a saved comparison into the state of the page. */
function askedOf({ id, hidden, blind, question, panes, answers, votes }: Comparison): Asked {
  const columns = columnsOf(panes.length, question.samples)
  for (const answer of answers) {
    const places = columns[answer.place]
    if (places) places[answer.sample] = columnOfAnswer(answer, panes[answer.place]?.name ?? null)
  }
  return { id, hidden, blind, samples: question.samples, votes, columns }
}

/** @param only the position that changes; the others keep their identity, so that they do not render again */
const mapped = (asked: Asked, next: (column: Column, sample: number) => Column, only?: number): Asked => ({
  ...asked,
  columns: asked.columns.map((samples, place) =>
    only === undefined || place === only ? samples.map(next) : samples,
  ),
})

const taken = (asked: Asked, chunk: CompareChunk): Asked =>
  mapped(asked, (column, sample) => (sample === chunk.sample ? advance(column, chunk) : column), chunk.place)

const waiting: Column = { ...emptyColumn, state: 'waiting' }

const abortAll = (requests: Iterable<AbortController>) => {
  for (const request of requests) request.abort()
}

/** The answers of all panes, with functions to request and stop them. Leaving the page stops them too. */
export function useComparison(made: Comparison | null) {
  const [asked, setAsked] = useState<Asked | null>(made && askedOf(made))
  const open = useRef(new Set<AbortController>())

  useEffect(() => {
    const left = open.current
    return () => abortAll(left)
  }, [])

  const change = (id: string, next: (asked: Asked) => Asked) =>
    setAsked((now) => (now?.id === id ? next(now) : now))

  async function follow(id: string, chunks: (signal: AbortSignal) => AsyncGenerator<CompareChunk>) {
    const leave = new AbortController()
    open.current.add(leave)
    let error: AppError | null = null
    try {
      for await (const chunk of chunks(leave.signal)) change(id, (now) => taken(now, chunk))
    } catch (thrown) {
      if (!leave.signal.aborted) error = thrown instanceof AppError ? thrown : null
    }
    open.current.delete(leave)
    change(id, (now) => mapped(now, (column) => end(column, error)))
  }

  function run(request: CompareDraft) {
    const { id, panes, samples = 1, blind = false } = request
    const columns = columnsOf(panes.length, samples).map((all) => all.map(() => waiting))
    setAsked({ id, blind, hidden: blind, samples, votes: [], columns })
    return follow(id, (signal) => askPanes(request, signal))
  }

  function again(place: number) {
    if (!asked) return
    const { id, samples } = asked
    change(id, (now) => mapped(now, () => waiting, place))
    return follow(id, (signal) => askAgain({ id, place, samples }, signal))
  }

  return {
    asked,
    running: asked?.columns.some((samples) => samples.some(isOpen)) ?? false,
    run,
    again,
    stop: () => abortAll(open.current),
    restore: (comparison: Comparison) => setAsked(askedOf(comparison)),
    clear: () => setAsked(null),
  }
}

export type Comparing = ReturnType<typeof useComparison>
