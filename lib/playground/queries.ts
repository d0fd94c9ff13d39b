import { infiniteQueryOptions, keepPreviousData, mutationOptions, queryOptions } from '@tanstack/react-query'
import { AppError, fromWire } from '#lib/core/errors.ts'
import { datasetsQuery } from '#lib/datasets/queries.ts'
import { reading } from '#lib/http/answer.ts'
import { asking, send } from '#lib/http/fetch.ts'
import { readNdjson } from '#lib/http/ndjson.ts'
import type {
  CompareChunk,
  CompareDraft,
  PreferenceDraft,
  PreferenceQuery,
  VoteDraft,
  WinRateQuery,
} from './schema.ts'

const schemas = () => import('./schema.ts')
const ask = asking(schemas)
const read = reading(schemas)

const lost = (cause?: unknown) => new AppError('unavailable', 'playground.connectionLost', { cause })

const isLast = ({ type }: CompareChunk): boolean =>
  type === 'finished' || type === 'interrupted' || type === 'failed'

const readChunk = (line: unknown): Promise<CompareChunk> => read(({ CompareChunk }) => CompareChunk, line)

/** @param expected answers whose last chunk must come before the stream ends */
async function* answersFrom(
  path: string,
  body: unknown,
  expected: number,
  signal: AbortSignal,
): AsyncGenerator<CompareChunk> {
  const response = await send(path, { method: 'POST', body, signal })
  if (!response.ok) throw fromWire(await response.json().catch(() => null))
  let ended = 0
  try {
    for await (const chunk of readNdjson(readChunk, response.body ?? new ReadableStream())) {
      if (isLast(chunk)) ended++
      yield chunk
    }
  } catch (cause) {
    throw cause instanceof AppError ? cause : lost(cause)
  }
  if (ended < expected) throw lost()
}

/**
 * Asks every pane at once and yields each chunk as it comes; aborting ends every answer at its provider.
 * @throws AppError when the request is refused, or the connection breaks before every answer has its last chunk
 */
export const askPanes = (body: CompareDraft, signal: AbortSignal): AsyncGenerator<CompareChunk> =>
  answersFrom('/api/playground', body, body.panes.length * (body.samples ?? 1), signal)

/** Asks one pane of a comparison again. @throws AppError as `askPanes` */
export const askAgain = (
  { id, place, samples }: { id: string; place: number; samples: number },
  signal: AbortSignal,
): AsyncGenerator<CompareChunk> => answersFrom(`/api/playground/${id}/again`, { place }, samples, signal)

export const comparisonQuery = (id: string) =>
  queryOptions({
    queryKey: ['playground', 'comparison', id],
    queryFn: ({ signal }) => ask(({ Comparison }) => Comparison, `/api/playground/${id}`, { signal }),
  })

export const historyQuery = () =>
  infiniteQueryOptions({
    queryKey: ['playground', 'history'],
    queryFn: ({ pageParam, signal }) =>
      ask(
        ({ History }) => History,
        `/api/playground${pageParam ? `?${new URLSearchParams({ after: pageParam })}` : ''}`,
        {
          signal,
        },
      ),
    initialPageParam: '',
    getNextPageParam: ({ next }) => next,
  })

export const winRateQuery = (sides: WinRateQuery) =>
  queryOptions({
    queryKey: ['playground', 'standing', sides],
    queryFn: ({ signal }) =>
      ask(({ WinRate }) => WinRate, `/api/playground/standing?${new URLSearchParams(sides)}`, { signal }),
    placeholderData: keepPreviousData,
  })

/** The history and the win rates change with a comparison. */
const comparisonMutation = <Wish, Answer>(mutationFn: (wish: Wish) => Promise<Answer>) =>
  mutationOptions({
    mutationFn,
    onSettled: (_answer, _error, _wish, _result, { client }) =>
      void client.invalidateQueries({ queryKey: ['playground'] }),
  })

export const castVoteMutation = () =>
  comparisonMutation(({ id, ...body }: VoteDraft & { id: string }) =>
    ask(({ Comparison }) => Comparison, `/api/playground/${id}/vote`, { method: 'POST', body }),
  )

export const withdrawVoteMutation = () =>
  comparisonMutation(({ id, sample }: { id: string; sample: number }) =>
    ask(({ Comparison }) => Comparison, `/api/playground/${id}/vote?sample=${sample}`, { method: 'DELETE' }),
  )

export const forgetComparisonMutation = () =>
  comparisonMutation((id: string) =>
    ask(({ Comparison }) => Comparison.pick({ id: true }), `/api/playground/${id}`, { method: 'DELETE' }),
  )

/** Makes a dataset of the votes. */
export const keepPreferencesMutation = () =>
  mutationOptions({
    mutationFn: (body: PreferenceDraft) =>
      ask(({ KeptPairs }) => KeptPairs, '/api/playground/preferences', { method: 'POST', body }),
    onSettled: (_pairs, _error, _body, _result, { client }) =>
      void client.invalidateQueries({ queryKey: datasetsQuery().queryKey }),
  })

export const preferencesAddress = (query: PreferenceQuery): string =>
  `/api/playground/preferences?${new URLSearchParams(Object.entries(query).filter(([, value]) => value))}`
