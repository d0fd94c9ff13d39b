'use client'
import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { applyDatasets } from '#components/datasets/live-cache.ts'
import { applyEvals } from '#components/evals/live-cache.ts'
import { reading } from '#lib/http/answer.ts'
import { streamAddress } from '#lib/jobs/queries.ts'
import { rescuesQuery } from '#lib/rescue/queries.ts'
import { applyLive } from './live-cache.ts'
import { takeSlot } from './stream-slot.ts'

const read = reading(async () => ({
  ...(await import('#lib/evals/schema.ts')),
  ...(await import('#lib/jobs/schema.ts')),
  ...(await import('#lib/rescue/schema.ts')),
}))

/** ms before a rejected stream is opened again; the browser reconnects a lost stream by itself. */
const AGAIN = 3_000

/** ms without a response after which a polling tab reports a lost connection. */
const SILENCE = 5_000

export interface Live {
  /** Time of the last message while the connection is lost; null while it works. */
  lostSince: number | null
}

interface Listener {
  queries: QueryClient
  jobId: string | null
  onLost(since: number | null): void
}

/** The stream of one tab: opens, closes while the tab is hidden, and resumes from the last message. */
class Stream {
  readonly #listener: Listener
  #source: EventSource | null = null
  #timer: ReturnType<typeof setTimeout> | undefined
  #cursor: string | null = null
  #heard = Date.now()
  #slot = Promise.withResolvers<void>()

  constructor(listener: Listener) {
    this.#listener = listener
  }

  async open(): Promise<void> {
    this.close()
    const slot = this.#slot
    const lasting = await takeSlot(slot.promise)
    // The stream was closed while it waited for a slot.
    if (slot !== this.#slot) return
    this.#listen(lasting)
  }

  close(): void {
    clearTimeout(this.#timer)
    this.#source?.close()
    this.#source = null
    this.#slot.resolve()
    this.#slot = Promise.withResolvers<void>()
  }

  #listen(lasting: boolean): void {
    const source = new EventSource(streamAddress(this.#listener.jobId, this.#cursor, lasting))
    source.addEventListener('open', () => this.#found())
    source.addEventListener('live', async ({ data, lastEventId }: MessageEvent<string>) => {
      this.#found()
      this.#cursor = lastEventId || this.#cursor
      applyLive(this.#listener.queries, await read(({ LiveMessage }) => LiveMessage, JSON.parse(data)))
    })
    source.addEventListener('evals', async ({ data }: MessageEvent<string>) =>
      applyEvals(
        this.#listener.queries,
        await read(({ EvalProgress }) => EvalProgress.array(), JSON.parse(data)),
      ),
    )
    source.addEventListener('datasets', ({ data }: MessageEvent<string>) =>
      applyDatasets(this.#listener.queries, JSON.parse(data) as string),
    )
    source.addEventListener('rescues', async ({ data }: MessageEvent<string>) =>
      this.#listener.queries.setQueryData(
        rescuesQuery().queryKey,
        await read(({ Rescue }) => Rescue.array(), JSON.parse(data)),
      ),
    )
    source.addEventListener('error', () => {
      // The server closes the connection of a polling tab after each response; the tab then polls again.
      if (lasting || Date.now() - this.#heard > SILENCE) this.#listener.onLost(this.#heard)
      if (source.readyState === EventSource.CLOSED) this.#timer = setTimeout(() => void this.open(), AGAIN)
    })
    this.#source = source
  }

  #found(): void {
    this.#heard = Date.now()
    this.#listener.onLost(null)
  }
}

/**
 * Keeps the query cache fresh from the event stream: the job list, one job in full, active evaluations, and the list of
 * datasets. A hidden tab has no connection; of the visible tabs, a few hold a stream and the others poll once a second.
 */
export function useLive(jobId: string | null): Live {
  const queries = useQueryClient()
  const [lostSince, setLostSince] = useState<number | null>(null)
  useEffect(() => {
    const stream = new Stream({ queries, jobId, onLost: setLostSince })
    const follow = () => (document.hidden ? stream.close() : void stream.open())
    follow()
    document.addEventListener('visibilitychange', follow)
    return () => {
      document.removeEventListener('visibilitychange', follow)
      stream.close()
    }
  }, [jobId, queries])
  return { lostSince }
}
