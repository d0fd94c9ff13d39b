import { queryOptions } from '@tanstack/react-query'
import { ask } from '#lib/http/fetch.ts'
import type { ModelList } from './schema.ts'

export const modelsQuery = () =>
  queryOptions({
    queryKey: ['models'],
    queryFn: ({ signal }) => ask<ModelList>('/api/models', { signal }),
    staleTime: 10_000,
  })
