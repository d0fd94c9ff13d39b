'use client'
import { useCallback, useState } from 'react'

/** What of a run's curve is shown; kept in the address, so that a view can be passed on. */
export interface RunView {
  range: [number, number] | null
  smooth: number
  step: number | null
}

const DEFAULT_SMOOTH = 0.6

const whole = (text: string | null): number | null =>
  text !== null && /^\d+$/.test(text) ? Number(text) : null

export function readView(search: string): RunView {
  const query = new URLSearchParams(search)
  const [from, to] = [whole(query.get('from')), whole(query.get('to'))]
  const smooth = Number(query.get('smooth') ?? DEFAULT_SMOOTH)
  return {
    range: from !== null && to !== null && from < to ? [from, to] : null,
    smooth: smooth >= 0 && smooth <= 0.99 ? smooth : DEFAULT_SMOOTH,
    step: whole(query.get('step')),
  }
}

export function writeView(search: string, { range, smooth, step }: RunView): string {
  const query = new URLSearchParams(search)
  const set = (name: string, value: string | null) =>
    value === null ? query.delete(name) : query.set(name, value)
  set('from', range && String(range[0]))
  set('to', range && String(range[1]))
  set('smooth', smooth === DEFAULT_SMOOTH ? null : String(smooth))
  set('step', step === null ? null : String(step))
  return query.toString()
}

/** @param initial the query of the address, as the server saw it */
export function useView(initial: string): [RunView, (part: Partial<RunView>) => void] {
  const [view, setView] = useState(() => readView(initial))
  const change = useCallback((part: Partial<RunView>) => {
    setView((before) => {
      const after = { ...before, ...part }
      const query = writeView(location.search, after)
      history.replaceState(history.state, '', query ? `?${query}` : location.pathname)
      return after
    })
  }, [])
  return [view, change]
}
