import { dehydrate, HydrationBoundary, QueryClient } from '@tanstack/react-query'
import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { createLoader, type SearchParams } from 'nuqs/server'
import { askedFor, evalAddress } from '#components/evals/page/address.ts'
import { EvalPage } from '#components/evals/page/eval-page.tsx'
import { AppError } from '#lib/core/errors.ts'
import { fixesOf } from '#lib/evals/fix.ts'
import { getEval } from '#lib/evals/get.ts'
import { evalKeys } from '#lib/evals/queries.ts'
import { translate } from '#lib/i18n/translate.ts'

export const metadata: Metadata = { title: translate('evals')('page.name') }

interface EvalAddress {
  params: Promise<{ evalId: string }>
  searchParams: Promise<SearchParams>
}

const orNotFound = (thrown: unknown): never => {
  if (thrown instanceof AppError && thrown.code === 'not_found') notFound()
  throw thrown
}

const load = createLoader(evalAddress)

export default async function EvaluationPage({ params, searchParams }: EvalAddress) {
  const { evalId } = await params
  const asked = askedFor(await load(searchParams))
  const page = await getEval(evalId, asked).catch(orNotFound)
  const queries = new QueryClient()
  queries.setQueryData(evalKeys.page(evalId, asked), page)
  queries.setQueryData(evalKeys.fixes(page.datasetId), await fixesOf(page.datasetId))
  return (
    <HydrationBoundary state={dehydrate(queries)}>
      <EvalPage key={evalId} evalId={evalId} />
    </HydrationBoundary>
  )
}
