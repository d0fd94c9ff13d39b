'use client'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { aliasesQuery, studioModelsQuery } from '#lib/models/queries.ts'
import type { Alias } from '#lib/models/schema.ts'

/** Changes an alias, and refetches the model table, which shows aliases too. */
export function useAliasChange<Wish>(
  change: (wish: Wish) => Promise<Alias[]>,
  onDone?: (wish: Wish) => void,
) {
  const queries = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSuccess: (all, wish) => {
      queries.setQueryData(aliasesQuery().queryKey, all)
      void queries.invalidateQueries({ queryKey: studioModelsQuery().queryKey })
      onDone?.(wish)
    },
  })
}
