'use client'
import { useQuery } from '@tanstack/react-query'
import { useTranslations } from 'use-intl'
import { refKey } from '#components/models/model-options.ts'
import { useFormat } from '#components/ui/use-format.ts'
import { winRateQuery } from '#lib/playground/queries.ts'
import type { Name, Tally, WinRate } from '#lib/playground/schema.ts'
import { kindOf } from '#lib/providers/model-kind.ts'
import { useSideNames } from './names.ts'
import type { Place } from './use-panes.ts'

/** Names of the panes; null if the name is hidden or no model is selected. */
export const namesOf = (places: readonly Place[], hidden: boolean): Name[] =>
  places.map(({ model, fewShot }) => (hidden || !model ? null : { ...model, fewShot }))

const sideKey = (name: NonNullable<Name>) => `${refKey(name)}${name.fewShot > 0 ? `+${name.fewShot}` : ''}`

const isBase = (name: Name): boolean => name !== null && kindOf(name.model) === 'base'

/** The first two sides, base model first: blind comparisons can be in either order. */
function pairOf([a = null, b = null]: readonly Name[]): [Name, Name] {
  return isBase(b) && !isBase(a) ? [b, a] : [a, b]
}

/** Win rate of the first two panes over all votes so far; null before the first vote. */
function useWinRate(names: readonly Name[]): { rate: WinRate; name: string } | null {
  const [a, b] = pairOf(names)
  const [, name = ''] = useSideNames([a, b])
  const { data } = useQuery({
    ...winRateQuery({ a: a ? sideKey(a) : '', b: b ? sideKey(b) : '' }),
    enabled: a !== null && b !== null && sideKey(a) !== sideKey(b),
  })
  return a && b && data && data.votes + data.open.votes > 0 ? { rate: data, name } : null
}

/** A tie is half a point for each. */
const pointsOf = ({ wins, ties }: Tally): number => wins + ties / 2

const digitsOf = (points: number): number => (Number.isInteger(points) ? 0 : 1)

/** Win rate of blind votes with its interval, followed by the open votes. */
export function WinRateWords({ names }: { names: readonly Name[] }) {
  const { fixed, points } = useFormat()
  const t = useTranslations('playground.bar')
  const found = useWinRate(names)
  if (!found) return null
  const { rate, name } = found
  const { votes, interval, open } = rate
  const won = (tally: Tally) => fixed(pointsOf(tally), digitsOf(pointsOf(tally)))
  return (
    <p className="text-3 text-meta tabular-nums">
      {votes > 0 &&
        t('standing', {
          points: won(rate),
          votes,
          name,
          low: points(interval.low),
          high: points(interval.high),
        })}
      {votes > 0 && open.votes > 0 && ' '}
      {open.votes > 0 && t('open', { points: won(open), votes: open.votes, name })}
    </p>
  )
}

/** How many more votes are needed before the win rate is conclusive. */
export function NeededWords({ names }: { names: readonly Name[] }) {
  const t = useTranslations('playground.bar')
  const found = useWinRate(names)
  if (!found) return null
  const { needed, votes } = found.rate
  if (votes === 0) return <>{t('noneBlind')}</>
  return <>{needed === null ? t('unsure') : t('needed', { count: needed })}</>
}
