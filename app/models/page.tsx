import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { ModelsPage } from '#components/models/models-page.tsx'
import { listCallerKeys } from '#lib/auth/api-keys.ts'
import { callerKeysQuery } from '#lib/auth/queries.ts'
import { translate } from '#lib/i18n/translate.ts'
import { listAliases } from '#lib/models/aliases.ts'
import { listStudioModels } from '#lib/models/lineage.ts'
import { aliasesQuery, studioModelsQuery } from '#lib/models/queries.ts'

export const metadata: Metadata = { title: translate('models')('page') }

export default async function Models() {
  // First of all: what follows is asked of the running studio, never of a build.
  const asked = await headers()
  const queries = new QueryClient()
  await Promise.all([
    queries.prefetchQuery({ ...studioModelsQuery(), queryFn: () => listStudioModels() }),
    queries.prefetchQuery({ ...aliasesQuery(), queryFn: () => listAliases() }),
    queries.prefetchQuery({ ...callerKeysQuery(), queryFn: () => listCallerKeys() }),
  ])
  return (
    <HydrationBoundary state={dehydrate(queries)}>
      <ModelsPage baseURL={`http://${asked.get('host')}/v1`} now={Date.now()} />
    </HydrationBoundary>
  )
}
