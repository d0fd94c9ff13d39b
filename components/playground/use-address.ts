import { useEffect } from 'react'
import { refKey } from '#components/models/model-options.ts'
import type { Place } from './use-panes.ts'

/** How the board is looked at; all of it stands in the address. */
interface BoardView {
  blind: boolean
  diff: boolean
  samples: number
}

interface Address extends BoardView {
  places: readonly Place[]
  /** The comparison that is shown. */
  comparison: string | null
}

const flag = (on: boolean) => (on ? '1' : null)

/** A pane whose model is still to be chosen has its place there too. */
const seatText = ({ model, fewShot }: Place): string =>
  model ? `${refKey(model)}${fewShot > 0 ? `+${fewShot}` : ''}` : ''

/** Keeps the address in step, so that it can be sent to somebody or opened again. */
export function useAddress({ places, comparison, blind, diff, samples }: Address) {
  useEffect(() => {
    const address = new URL(location.href)
    const put = (name: string, value: string | null) =>
      value === null ? address.searchParams.delete(name) : address.searchParams.set(name, value)
    address.searchParams.delete('model')
    for (const place of places) address.searchParams.append('model', seatText(place))
    put('c', comparison)
    put('blind', flag(blind))
    put('diff', flag(diff))
    put('samples', samples > 1 ? String(samples) : null)
    if (address.href !== location.href) history.replaceState(null, '', address)
  }, [places, comparison, blind, diff, samples])
}
