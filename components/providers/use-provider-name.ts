'use client'
import { useQuery } from '@tanstack/react-query'
import { useCallback } from 'react'
import { useTranslations } from 'use-intl'
import { providerKind } from '#lib/providers/kinds.ts'
import { providersQuery } from '#lib/providers/queries.ts'
import type { Provider, ProviderId } from '#lib/providers/schema.ts'

/** What a provider is called: as the user named it, else as its kind. */
export function useProviderName(): (id: ProviderId) => string {
  const t = useTranslations('models.provider')
  const { data: providers } = useQuery(providersQuery())
  return useCallback(
    (id) => providers?.find(({ own, id: other }) => own && other === id)?.name ?? t(providerKind(id)),
    [t, providers],
  )
}

/** A provider's own name; the built-in engine is called as the user's language calls it. */
export function useOwnName(): (provider: Pick<Provider, 'id' | 'name'>) => string {
  const t = useTranslations('models.provider')
  return useCallback(({ id, name }) => (id === 'embedded' ? t('embedded') : name), [t])
}
