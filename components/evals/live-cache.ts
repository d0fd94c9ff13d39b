import type { Query, QueryClient } from '@tanstack/react-query'
import type { EvalPage, EvalProgress, EvalState, EvalSummary, Scores } from '#lib/evals/schema.ts'

/**
 * A page that took 10 ms to compute is refetched after 3 s at the earliest: an active evaluation costs about 3 ms per
 * second.
 */
const WAIT_PER_MS = 300
const LEAST_WAIT = 500

const isDue = ({ state }: Query, tookMs: number): boolean =>
  Date.now() - state.dataUpdatedAt > Math.max(LEAST_WAIT, tookMs * WAIT_PER_MS)

const isOpen = (state: EvalState | null): boolean => state === 'running' || state === 'paused'

/** What changed in one evaluation on the page, according to the stream. */
function newsOf(
  shown: { state: EvalState | null; seen: string },
  now: EvalProgress | undefined,
): 'none' | 'moved' | 'turned' {
  if ((now?.state ?? null) !== (isOpen(shown.state) ? shown.state : null)) return 'turned'
  return now && markOf(now) !== shown.seen ? 'moved' : 'none'
}

const markOf = ({ open, ungraded }: EvalProgress): string => `${open} ${ungraded}`

/** Progress of each query's evaluation at the last refetch. */
const seenBy = new WeakMap<Query, string>()

/** Refetches a query when the evaluation's state changes, or when it has progressed and a refetch is due. */
function follow(
  queries: QueryClient,
  query: Query,
  state: EvalState | null,
  tookMs: number,
  now: EvalProgress | undefined,
): void {
  const news = newsOf({ state, seen: seenBy.get(query) ?? '' }, now)
  if (news === 'none' || (news === 'moved' && !isDue(query, tookMs))) return
  if (now) seenBy.set(query, markOf(now))
  void queries.invalidateQueries({ queryKey: query.queryKey, exact: true })
}

/** Updates the progress bar immediately, without a refetch. */
function moveBar<Shown extends EvalPage | EvalSummary>(shown: Shown, now: EvalProgress | undefined): Shown {
  const done = now ? shown.cells - now.open : shown.done
  return done === shown.done ? shown : { ...shown, done }
}

function applyToPage(queries: QueryClient, query: Query, page: EvalPage, all: readonly EvalProgress[]): void {
  const now = all.find(({ id }) => id === page.id)
  const { dataUpdatedAt: updatedAt } = query.state
  queries.setQueryData(query.queryKey, moveBar(page, now), { updatedAt })
  follow(queries, query, page.state, page.tookMs, now)
}

function applyToList(
  queries: QueryClient,
  query: Query,
  list: readonly EvalSummary[],
  all: readonly EvalProgress[],
): void {
  const nowOf = ({ id }: EvalSummary) => all.find((one) => one.id === id)
  const { dataUpdatedAt: updatedAt } = query.state
  queries.setQueryData(
    query.queryKey,
    list.map((one) => moveBar(one, nowOf(one))),
    { updatedAt },
  )
  const turned = list.some((one) => newsOf({ state: one.state, seen: '' }, nowOf(one)) === 'turned')
  const isNew = all.some(({ id }) => !list.some((one) => one.id === id))
  if (turned || ((isNew || all.length > 0) && isDue(query, list.length)))
    void queries.invalidateQueries({ queryKey: query.queryKey, exact: true })
}

function applyToScores(
  queries: QueryClient,
  query: Query,
  scores: Scores,
  all: readonly EvalProgress[],
): void {
  const own = ({ id, jobId }: EvalProgress) =>
    scores.evalId === null ? jobId === scores.jobId : id === scores.evalId
  follow(queries, query, scores.state, scores.tookMs, all.find(own))
}

/** Applies the progress of active evaluations to the query cache, and refetches queries that are due. */
export function applyEvals(queries: QueryClient, all: readonly EvalProgress[]): void {
  for (const query of queries.getQueryCache().findAll({ queryKey: ['evals'] })) {
    const { data } = query.state
    const [, kind] = query.queryKey
    if (data === undefined) continue
    if (kind === 'list') applyToList(queries, query, data as EvalSummary[], all)
    else if (kind === 'scores') applyToScores(queries, query, data as Scores, all)
    else if (query.queryKey.length === 3 && isPage(data)) applyToPage(queries, query, data, all)
  }
}

const isPage = (data: unknown): data is EvalPage =>
  typeof data === 'object' && data !== null && 'tookMs' in data
