import { createParser, type inferParserType } from 'nuqs/server'
import { parseAsWhole } from '#components/ui/address-parsers.ts'

/** The visible part of the curve; kept in the URL, so that users can share a view. */
export interface RunView {
  range: [number, number] | null
  smooth: number
  step: number | null
}

export const runAddress = {
  from: parseAsWhole(),
  to: parseAsWhole(),
  smooth: createParser({
    parse: (text) => (Number(text) >= 0 && Number(text) <= 0.99 ? Number(text) : null),
    serialize: String,
  }).withDefault(0.6),
  step: parseAsWhole(),
}

export const viewOf = ({ from, to, smooth, step }: inferParserType<typeof runAddress>): RunView => ({
  range: from !== null && to !== null && from < to ? [from, to] : null,
  smooth,
  step,
})

/** URL parameters that a change of the view updates. */
export const addressOf = ({ range, ...part }: Partial<RunView>) =>
  range === undefined ? part : { ...part, from: range?.[0] ?? null, to: range?.[1] ?? null }
