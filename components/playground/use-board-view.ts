import { useQueryStates } from 'nuqs'
import { useEffect, useState } from 'react'
import { refKey } from '#components/models/model-options.ts'
import type { Opening } from '#lib/playground/initial-panes.ts'
import { boardAddress } from './address.ts'
import type { Comparing } from './use-comparison.ts'
import type { Panes, Place } from './use-panes.ts'

/** A pane without a model keeps its position in the URL as an empty value. */
const seatText = ({ model, fewShot }: Place): string =>
  model ? `${refKey(model)}${fewShot > 0 ? `+${fewShot}` : ''}` : ''

/** Display options and the number of samples, kept in the URL with the models of the panes and the comparison. */
export function useBoardView(
  { comparison, preset }: Pick<Opening, 'comparison' | 'preset'>,
  panes: Panes,
  { asked }: Comparing,
) {
  const [{ blind, diff, samples: wished }, write] = useQueryStates(boardAddress)
  const [samples, setSamples] = useState((comparison?.question ?? preset)?.samples ?? wished)
  const { places } = panes
  const c = asked?.id ?? null
  useEffect(() => {
    void write({ model: places.map(seatText), c, samples })
  }, [places, c, samples, write])
  return {
    blind,
    toggleBlind: () => void write((now) => ({ blind: !now.blind })),
    diff,
    toggleDiff: () => void write((now) => ({ diff: !now.diff })),
    samples,
    setSamples,
  }
}

export type BoardView = ReturnType<typeof useBoardView>
