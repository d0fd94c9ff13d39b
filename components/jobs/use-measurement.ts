'use client'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { Estimate } from '#lib/datasets/estimate-schema.ts'
import type { JobDraft } from '#lib/jobs/schema.ts'
import { measurementQuery } from '#lib/models/queries.ts'
import { SHIPPED } from '#lib/providers/model-kind.ts'

/**
 * Lets the built-in engine measure one step of a model that it has not trained yet; then the estimate is asked again. The
 * speed of the shipped model ships with the engine.
 */
export function useMeasurement({ providerId, model }: JobDraft, estimate: Estimate | undefined): void {
  const queries = useQueryClient()
  const place = estimate?.destinations.find((one) => one.providerId === providerId && one.model === model)
  const { isSuccess } = useQuery({
    ...measurementQuery({ providerId, model }),
    enabled: place?.needs != null && place.available.ok && !place.measured && model !== SHIPPED,
  })
  useEffect(() => {
    if (isSuccess) void queries.invalidateQueries({ predicate: ({ queryKey }) => queryKey[2] === 'estimate' })
  }, [isSuccess, queries])
}
