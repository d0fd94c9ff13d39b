import { useState } from 'react'
import type { ModelRef } from '#lib/models/schema.ts'
import type { PaneModel } from '#lib/playground/initial-panes.ts'
import type { Comparison, Sampling, Turn } from '#lib/playground/schema.ts'

/** The settings of a pane; its model may not be selected yet. */
export interface Place {
  id: string
  model: ModelRef | null
  /** Number of training examples in its prompt. */
  fewShot: number
  /** Overrides of the shared sampling settings; null if there are none. */
  sampling: Sampling | null
  /** Earlier turns of the conversation. */
  earlier: Turn[]
}

/** A pane with a selected model. */
export type Seated = Place & { model: ModelRef }
export const isSeated = (place: Place): place is Seated => place.model !== null

const placeOf = (seat: PaneModel | null, id: string): Place => ({
  id,
  model: seat && { providerId: seat.providerId, model: seat.model },
  fewShot: seat?.fewShot ?? 0,
  sampling: null,
  earlier: [],
})

/** The panes of a saved comparison, with new ids for the page. */
const restored = ({ panes }: Comparison): Place[] =>
  panes.map(({ name, sampling, earlier }, index) => ({
    ...placeOf(name, `pane-${index}`),
    sampling,
    earlier,
  }))

export function usePanes(seats: readonly (PaneModel | null)[], comparison: Comparison | null) {
  const [places, setPlaces] = useState<Place[]>(() =>
    comparison && !comparison.hidden
      ? restored(comparison)
      : seats.map((seat, index) => placeOf(seat, `pane-${index}`)),
  )
  // The panes as they stood before a vote revealed the order of a blind comparison, unless they were changed since.
  const [before, setBefore] = useState<readonly Place[] | null>(null)
  const set = (next: (all: Place[]) => Place[]) => {
    setBefore(null)
    setPlaces(next)
  }
  const change = (id: string, next: Partial<Place>) =>
    set((all) => all.map((place) => (place.id === id ? { ...place, ...next } : place)))
  return {
    places,
    change,
    add: () => set((all) => [...all, placeOf(null, `pane-${Date.now()}`)]),
    remove: (id: string) => set((all) => all.filter((place) => place.id !== id)),
    /** Restores the panes of a saved comparison. */
    restore: (made: Comparison) => set(() => restored(made)),
    /** Shows the panes in the order in which a blind comparison has asked them. */
    reveal: (made: Comparison) => {
      setBefore(places)
      setPlaces(restored(made))
    },
    /** The panes of the next question: after a blind comparison they stand again as before it. */
    settle: (): readonly Place[] => {
      if (!before) return places
      set(() => [...before])
      return before
    },
    each: (next: (place: Place, index: number) => Place) => set((all) => all.map(next)),
  }
}

export type Panes = ReturnType<typeof usePanes>
