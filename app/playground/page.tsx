import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { createLoader, type SearchParams } from 'nuqs/server'
import { boardAddress } from '#components/playground/address.ts'
import { CompareBoard } from '#components/playground/compare-board.tsx'
import { AppError } from '#lib/core/errors.ts'
import { translate } from '#lib/i18n/translate.ts'
import { listModels } from '#lib/models/list.ts'
import { modelsQuery } from '#lib/models/queries.ts'
import { openPlayground } from '#lib/playground/initial-state.ts'

export const metadata: Metadata = { title: translate('playground')('title') }

const load = createLoader(boardAddress)

interface PlaygroundPageProps {
  searchParams: Promise<SearchParams>
}

const orNotFound = (thrown: unknown): never => {
  if (thrown instanceof AppError && thrown.code === 'not_found') notFound()
  throw thrown
}

export default async function PlaygroundPage({ searchParams }: PlaygroundPageProps) {
  const query = await load(searchParams)
  const queries = new QueryClient()
  const list = await listModels()
  queries.setQueryData(modelsQuery().queryKey, list)
  const opening = await openPlayground(query, list.models).catch(orNotFound)
  return (
    <HydrationBoundary state={dehydrate(queries)}>
      <CompareBoard key={opening.run?.id} opening={opening} />
    </HydrationBoundary>
  )
}
