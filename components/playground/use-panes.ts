import { useState } from 'react'
import { refKey } from '#components/models/model-options.ts'
import type { ModelRef } from '#lib/models/schema.ts'

/** A place for an answer; its model may still have to be chosen. */
export interface Place {
  id: string
  model: ModelRef | null
}

/** Keeps the address in step, so that it can be sent to somebody or opened again. */
function writeAddress(places: readonly Place[]) {
  const address = new URL(location.href)
  address.searchParams.delete('model')
  for (const { model } of places) if (model) address.searchParams.append('model', refKey(model))
  history.replaceState(null, '', address)
}

export function usePanes(models: readonly (ModelRef | null)[]) {
  const [places, setPlaces] = useState<Place[]>(() =>
    models.map((model, index) => ({ id: `pane-${index}`, model })),
  )
  const change = (next: Place[]) => {
    setPlaces(next)
    writeAddress(next)
  }
  return {
    places,
    add: () => change([...places, { id: `pane-${Date.now()}`, model: null }]),
    remove: (id: string) => change(places.filter((place) => place.id !== id)),
    choose: (id: string, model: ModelRef) =>
      change(places.map((place) => (place.id === id ? { ...place, model } : place))),
  }
}
