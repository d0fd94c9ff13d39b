import type { QueryClient } from '@tanstack/react-query'
import { datasetsQuery } from '#lib/datasets/queries.ts'

/** What the stream said last of the state of all datasets. */
const seen = new WeakMap<QueryClient, string>()

/** Asks for the list of datasets again when they have changed since. */
export function applyDatasets(queries: QueryClient, mark: string): void {
  if (seen.get(queries) === mark) return
  seen.set(queries, mark)
  void queries.invalidateQueries({ queryKey: datasetsQuery().queryKey, exact: true })
}
