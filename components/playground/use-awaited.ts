import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { jobQuery } from '#lib/jobs/queries.ts'
import { isActive } from '#lib/jobs/status.ts'
import { modelsQuery } from '#lib/models/queries.ts'
import type { Opening } from '#lib/playground/initial-panes.ts'
import type { Panes } from './use-panes.ts'

/** ms between two polls of an active job. */
const GLANCE = 1_000

/**
 * Fills in the model of a job that was still training when the page was opened.
 * @returns whether a pane still waits for its model: sending now would ask fewer models than the user requested
 */
export function useAwaited({ run, awaits }: Opening, panes: Panes): boolean {
  const queries = useQueryClient()
  const pane = panes.places.find(({ model }) => model === null)?.id
  const waits = awaits && pane !== undefined
  const { data: job } = useQuery({
    ...jobQuery(run?.id ?? ''),
    enabled: waits,
    refetchInterval: ({ state }) => (state.data && !isActive(state.data.status) ? false : GLANCE),
  })
  const { providerId, fineTunedModel: model } = job ?? {}
  useEffect(() => {
    if (!waits || !providerId || !model) return
    panes.change(pane, { model: { providerId, model } })
    void queries.invalidateQueries({ queryKey: modelsQuery().queryKey })
  })
  return waits && (job === undefined || isActive(job.status))
}
