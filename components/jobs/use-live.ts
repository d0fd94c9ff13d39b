'use client'
import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { streamAddress } from '#lib/jobs/queries.ts'
import type { LiveMessage } from '#lib/jobs/schema.ts'
import { applyLive } from './live-cache.ts'

/** ms until a stream that was refused is asked for again; a lost one the browser asks for by itself. */
const AGAIN = 3_000

export interface Live {
  /** When the stream was last heard of, while it is lost; null while all is well. */
  lostSince: number | null
}

/**
 * Keeps the query cache fresh from the studio's event stream: the list of runs, and one run in full. A hidden tab
 * holds no connection, since a browser has six for all tabs together; it goes on where it was when seen again.
 */
export function useLive(jobId: string | null): Live {
  const queries = useQueryClient()
  const [lostSince, setLostSince] = useState<number | null>(null)
  useEffect(() => {
    let source: EventSource | null = null
    let timer: ReturnType<typeof setTimeout> | undefined
    let cursor: string | null = null
    let heard = Date.now()

    const found = () => {
      heard = Date.now()
      setLostSince(null)
    }
    const close = () => {
      clearTimeout(timer)
      source?.close()
      source = null
    }
    const open = () => {
      close()
      source = new EventSource(streamAddress(jobId, cursor))
      source.addEventListener('open', found)
      source.addEventListener('live', ({ data, lastEventId }: MessageEvent<string>) => {
        found()
        cursor = lastEventId || cursor
        applyLive(queries, JSON.parse(data) as LiveMessage)
      })
      source.addEventListener('error', () => {
        setLostSince(heard)
        if (source?.readyState === EventSource.CLOSED) timer = setTimeout(open, AGAIN)
      })
    }
    const follow = () => (document.hidden ? close() : open())

    follow()
    document.addEventListener('visibilitychange', follow)
    return () => {
      document.removeEventListener('visibilitychange', follow)
      close()
    }
  }, [jobId, queries])
  return { lostSince }
}
