import type { Tone } from '#components/ui/tone.ts'
import type { Rescue } from '#lib/rescue/schema.ts'

/** What the page calls the state: one that is done may lack something. */
export const stateOf = ({ state, missing }: Rescue) =>
  state === 'done' && missing > 0 ? 'doneMissing' : state

export const toneOf = (rescue: Rescue): Tone => {
  if (rescue.state === 'running') return 'busy'
  if (rescue.state === 'failed') return 'bad'
  if (rescue.state !== 'done') return 'mute'
  return rescue.missing > 0 ? 'warn' : 'ok'
}

/** Lists are only told of when one could not be read: then the numbers of the others may be too low. */
export const metersShown = ({ meters }: Rescue) =>
  meters.filter(({ kind, missing }) => kind !== 'list' || missing.length > 0)
