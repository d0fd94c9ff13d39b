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
  const change = (id: string, next: Partial<Place>) =>
    setPlaces((all) => all.map((place) => (place.id === id ? { ...place, ...next } : place)))
  return {
    places,
    change,
    add: () => setPlaces((all) => [...all, placeOf(null, `pane-${Date.now()}`)]),
    remove: (id: string) => setPlaces((all) => all.filter((place) => place.id !== id)),
    /** Restores the panes of a saved comparison. */
    restore: (made: Comparison) => setPlaces(restored(made)),
    each: (next: (place: Place, index: number) => Place) => setPlaces((all) => all.map(next)),
  }
}

export type Panes = ReturnType<typeof usePanes>
