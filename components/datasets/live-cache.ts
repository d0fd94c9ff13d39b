import type { QueryClient } from '@tanstack/react-query'
import { datasetsQuery } from '#lib/datasets/queries.ts'

/** The last state of all datasets that the event stream reported. */
const seen = new WeakMap<QueryClient, string>()

/** Reloads the list of datasets if they have changed since. */
export function applyDatasets(queries: QueryClient, mark: string): void {
  if (seen.get(queries) === mark) return
  seen.set(queries, mark)
  void queries.invalidateQueries({ queryKey: datasetsQuery().queryKey, exact: true })
}
