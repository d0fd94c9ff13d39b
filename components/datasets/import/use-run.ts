'use client'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef, useState } from 'react'
import type { Imported } from '#lib/datasets/queries.ts'

export type Phase = 'sending' | 'reading' | 'checking' | 'copying'

/** `isShort`: fewer rows are held out than requested, so that enough remain for training. */
export type Finished = Imported & { isShort?: boolean }

export type Run =
  | { state: 'idle' }
  | { state: 'running'; name: string; phase: Phase; share: number | null }
  | { state: 'done'; name: string; imported: Finished }
  | { state: 'stopped'; name: string }
  | { state: 'failed'; name: string; error: unknown }

export interface Work {
  /** Name of the file or dataset that the rows come from. */
  name: string
  phase: Phase
  run: (signal: AbortSignal, onProgress: (phase: Phase, share: number) => void) => Promise<Finished>
}

/** Runs one import at a time, with its progress and result. Leaving the page cancels it. */
export function useRun() {
  const queries = useQueryClient()
  const [run, setRun] = useState<Run>({ state: 'idle' })
  const controller = useRef<AbortController>(null)
  useEffect(() => () => controller.current?.abort(), [])
  const start = async ({ name, phase, run }: Work) => {
    controller.current?.abort()
    const started = new AbortController()
    const { signal } = started
    controller.current = started
    setRun({ state: 'running', name, phase, share: phase === 'copying' ? null : 0 })
    const onProgress = (next: Phase, share: number) => {
      if (!signal.aborted) setRun({ state: 'running', name, phase: next, share })
    }
    try {
      const imported = await run(signal, onProgress)
      await queries.invalidateQueries({ queryKey: ['datasets'] })
      if (!signal.aborted) setRun({ state: 'done', name, imported })
    } catch (error) {
      setRun(signal.aborted ? { state: 'stopped', name } : { state: 'failed', name, error })
      await queries.invalidateQueries({ queryKey: ['datasets'] })
    }
  }
  return { run, start, stop: () => controller.current?.abort(), clear: () => setRun({ state: 'idle' }) }
}
