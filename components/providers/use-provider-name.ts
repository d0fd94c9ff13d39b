'use client'
import { useQuery } from '@tanstack/react-query'
import { useCallback } from 'react'
import { useTranslations } from 'use-intl'
import { providersQuery } from '#lib/providers/queries.ts'
import { type ProviderId, providerKind } from '#lib/providers/schema.ts'

/** What a provider is called: as the user named it, else as its kind. */
export function useProviderName(): (id: ProviderId) => string {
  const t = useTranslations('models.provider')
  const { data: providers } = useQuery(providersQuery())
  return useCallback(
    (id) => providers?.find(({ own, id: other }) => own && other === id)?.name ?? t(providerKind(id)),
    [t, providers],
  )
}
