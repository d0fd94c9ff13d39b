'use client'
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import type { TokensDraft } from '#lib/datasets/schema.ts'
import { modelsQuery } from '#lib/models/queries.ts'
import { usePersisted } from './use-persisted.ts'

export type Base = NonNullable<TokensDraft['base']>

const OWN = 'embedded'

const keyOf = ({ providerId, model }: Base) => `${providerId} ${model}`

/** The model used to tokenize and count every row; the first by default. */
export function useBase(bases: readonly Base[]) {
  const [chosen, choose] = usePersisted('limerick.tokens.base')
  const base = bases.find((one) => keyOf(one) === chosen) ?? bases[0] ?? null
  const options = bases.map((one) => ({ value: keyOf(one), label: one.model }))
  return { base, value: base && keyOf(base), options, choose }
}

/** Models to choose from: the built-in engine's base models first, then those of other providers. */
export function useBases(): Base[] {
  const { data } = useQuery(modelsQuery())
  return useMemo(() => {
    const bases = (data?.models ?? []).filter(({ kind, trainable }) => kind === 'base' && trainable)
    const own = bases.filter(({ providerId }) => providerId === OWN)
    const others = bases.filter(({ providerId }) => providerId !== OWN)
    return [...own, ...others].map(({ providerId, id }) => ({ providerId, model: id }))
  }, [data])
}
