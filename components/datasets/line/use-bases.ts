'use client'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { TokensDraft } from '#lib/datasets/schema.ts'
import { modelsQuery } from '#lib/models/queries.ts'

export type Base = NonNullable<TokensDraft['base']>

const OWN = 'embedded'

/** Models through whose eyes a row can be seen: this computer's own bases first, then what others train. */
export function useBases(): Base[] {
  const { data } = useQuery(modelsQuery())
  return useMemo(() => {
    const bases = (data?.models ?? []).filter(({ kind, trainable }) => kind === 'base' && trainable)
    const own = bases.filter(({ providerId }) => providerId === OWN)
    const others = bases.filter(({ providerId }) => providerId !== OWN)
    return [...own, ...others].map(({ providerId, id }) => ({ providerId, model: id }))
  }, [data])
}
