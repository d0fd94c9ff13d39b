import { useQueryClient } from '@tanstack/react-query'
import { useSearchParams } from 'next/navigation'
import { useState } from 'react'
import type { Column } from '#lib/playground/columns.ts'
import type { Opening } from '#lib/playground/initial-panes.ts'
import { castVote } from '#lib/playground/queries.ts'
import { type Comparison, MOST_SAMPLES, newComparisonId, type Turn } from '#lib/playground/schema.ts'
import type { Question } from './composer.tsx'
import { useAddress } from './use-address.ts'
import { useComparison } from './use-comparison.ts'
import { isSeated, type Place, usePanes } from './use-panes.ts'

/** The likeliest answer, so that a comparison can be repeated; long enough for a limerick or a short paragraph. */
const SAMPLING = { temperature: 0, topP: null, maxTokens: 120, seed: null }

const sampleCount = (text: string | null): number =>
  Math.min(MOST_SAMPLES, Math.max(1, Math.floor(Number(text)) || 1))

const questionOf = ({ comparison, system, prompt }: Opening): Question => {
  if (!comparison) return { ...SAMPLING, system, prompt }
  const { samples, ...question } = comparison.question
  return question
}

const finished = (column: Column | undefined): boolean => column?.state === 'finished'

/** Everything that the board knows and can do; its parts only show it. */
export function useBoard(opening: Opening) {
  const address = useSearchParams()
  const queries = useQueryClient()
  const [question, setQuestion] = useState<Question>(() => questionOf(opening))
  const [blind, setBlind] = useState(address.get('blind') === '1')
  const [diff, setDiff] = useState(address.get('diff') === '1')
  const [samples, setSamples] = useState(
    opening.comparison?.question.samples ?? sampleCount(address.get('samples')),
  )
  const [sample, setSample] = useState(0)
  const [failure, setFailure] = useState<unknown>(null)
  const panes = usePanes(opening.panes, opening.comparison)
  const comparison = useComparison(opening.comparison)
  const { asked, running } = comparison
  const { places } = panes
  useAddress({ places, comparison: asked?.id ?? null, blind, diff, samples })

  const seated = places.filter(isSeated)
  const talking = places.some(({ earlier }) => earlier.length > 0)
  /** What a place shows: an answer belongs to it only while its model is the one that was asked. */
  const columnsAt = (place: number): Column[] => asked?.columns[place] ?? []
  const shown = Math.min(sample, (asked?.samples ?? 1) - 1)
  const columnAt = (place: number): Column | undefined => columnsAt(place)[shown]
  const votable = asked ? asked.columns.flatMap((all, place) => (finished(all[shown]) ? [place] : [])) : []
  const cast = asked?.votes.find((vote) => vote.sample === shown) ?? null
  const hidden = asked?.hidden ?? false

  async function run() {
    setFailure(null)
    setSample(0)
    // Panes whose model is still to be chosen go: what is asked stands in the order of the page.
    for (const { id } of places) if (!seated.some((place) => place.id === id)) panes.remove(id)
    await comparison.run({
      id: newComparisonId(),
      ...question,
      samples,
      blind: blind && seated.length > 1,
      jobId: opening.run?.id ?? null,
      data: opening.data,
      panes: seated.map(({ model, fewShot, sampling, earlier }) => ({
        ...model,
        fewShot,
        sampling,
        earlier,
      })),
    })
    void queries.invalidateQueries({ queryKey: ['playground'] })
  }

  function restore(made: Comparison) {
    const { samples: count, ...before } = made.question
    setFailure(null)
    setSample(0)
    setSamples(count)
    setQuestion(before)
    if (!made.hidden) panes.restore(made)
    comparison.restore(made)
  }

  async function vote(winner: number | null) {
    if (!asked || running || cast || votable.length < 2) return
    if (winner !== null && !votable.includes(winner)) return
    setFailure(null)
    try {
      const made = await castVote(asked.id, { sample: shown, winner })
      // A blind one tells its names now, and the panes take their order.
      if (asked.hidden) panes.restore(made)
      comparison.restore(made)
      if (shown + 1 < made.question.samples) setSample(shown + 1)
      void queries.invalidateQueries({ queryKey: ['playground'] })
    } catch (thrown) {
      setFailure(thrown)
    }
  }

  /** The answers become part of each conversation, and the next question may be written. */
  function goOn() {
    const said = (place: Place, index: number): Turn[] => [
      ...place.earlier,
      { role: 'user', content: question.prompt },
      { role: 'assistant', content: columnAt(index)?.text ?? '' },
    ]
    panes.each((place, index) => ({ ...place, earlier: said(place, index) }))
    setQuestion((before) => ({ ...before, prompt: '' }))
    comparison.clear()
  }

  function startOver() {
    panes.each((place) => ({ ...place, earlier: [] }))
    comparison.clear()
  }

  return {
    question,
    setQuestion: (change: Partial<Question>) => setQuestion((before) => ({ ...before, ...change })),
    view: { blind, diff, samples },
    setBlind,
    setDiff,
    setSamples,
    sample: shown,
    setSample,
    panes,
    places,
    seated,
    asked,
    hidden,
    running,
    votable,
    cast,
    talking,
    failure,
    columnsAt,
    columnAt,
    canGoOn: !running && !hidden && asked !== null && places.every((_, place) => finished(columnAt(place))),
    run,
    again: comparison.again,
    stop: comparison.stop,
    clear: comparison.clear,
    restore,
    vote,
    goOn,
    startOver,
  }
}

export type Board = ReturnType<typeof useBoard>
