'use client'
import { useSyncExternalStore } from 'react'
import { useTranslations } from 'use-intl'
import { useFormat } from './use-format.ts'

export interface TimeProps {
  /** Milliseconds since 1970. */
  at: number
  /** `ago` shows the elapsed time and keeps counting; `clock` is 15:04:22; `day` is 22 Nov 2026, 15:04. */
  as?: 'ago' | 'clock' | 'day'
  className?: string
}

const clock: Intl.DateTimeFormatOptions = {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
}
const day: Intl.DateTimeFormatOptions = {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
}
/** `22 Nov 2026` */
export const DATE: Intl.DateTimeFormatOptions = { day: 'numeric', month: 'short', year: 'numeric' }
const full: Intl.DateTimeFormatOptions = { ...day, second: '2-digit', timeZoneName: 'short' }

/** One shared clock for all times on the page; it ticks in whole tens of seconds, so that a snapshot is stable. */
const subscribeToTick = (tick: () => void) => {
  const timer = setInterval(tick, 10_000)
  return () => clearInterval(timer)
}
const tenSeconds = () => Math.floor(Date.now() / 10_000) * 10_000
const onServer = () => null

const units = [
  ['s', 60],
  ['min', 60],
  ['h', 24],
  ['d', 7],
] as const

type Ago = { unit: 'now' | 'date' } | { unit: (typeof units)[number][0]; count: number }

/** In the largest unit that is full; from a week on, the date is more useful. */
function ago(ms: number): Ago {
  let count = Math.floor(ms / 1000)
  if (count < 10) return { unit: 'now' }
  for (const [unit, size] of units) {
    if (count < size) return { unit, count }
    count = Math.floor(count / size)
  }
  return { unit: 'date' }
}

/** The server renders UTC; after hydration the browser's zone replaces it, with the zone on hover. */
export function Time({ at, as = 'ago', className }: TimeProps) {
  const t = useTranslations('ui')
  const format = useFormat()
  const now = useSyncExternalStore(subscribeToTick, tenSeconds, onServer)
  const zone = now === null ? 'UTC' : undefined
  const words = () => {
    if (as !== 'ago' || now === null) return format.date(at, as === 'clock' ? clock : day, zone)
    const since = ago(now - at)
    if ('count' in since) return t(`ago.${since.unit}`, { count: since.count })
    return since.unit === 'now' ? t('justNow') : format.date(at, DATE, zone)
  }
  return (
    <time dateTime={new Date(at).toISOString()} title={format.date(at, full, zone)} className={className}>
      <bdi>{words()}</bdi>
    </time>
  )
}
