'use client'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useTranslations } from 'use-intl'
import { useToast } from '#components/ui/toast.tsx'
import { libraryQuery } from '#lib/models/library-queries.ts'
import type { Library } from '#lib/models/library-schema.ts'
import { modelsQuery } from '#lib/models/queries.ts'

/** The added models and the downloads; every list of models is refetched when one is added or removed. */
export function useLibrary() {
  const t = useTranslations('library.panel')
  const toast = useToast()
  const queries = useQueryClient()
  const query = useQuery(libraryQuery())
  const { data } = query
  const before = useRef<Library>(undefined)
  useEffect(() => {
    const last = before.current
    before.current = data
    if (!last || !data) return
    const had = new Set(last.added.map(({ name }) => name))
    const fresh = data.added.filter(({ name }) => !had.has(name))
    if (fresh.length === 0 && had.size === data.added.length) return
    // Also the table of models: its key begins with this one.
    void queries.invalidateQueries({ queryKey: modelsQuery().queryKey })
    for (const { name } of fresh) toast({ text: t('ready', { name }) })
  })
  return query
}
