import type { Metadata } from 'next'
import { createLoader, type SearchParams } from 'nuqs/server'
import { askedFor, evalAddress } from '#components/evals/page/address.ts'
import { EvalPage } from '#components/evals/page/eval-page.tsx'
import { fixesOf } from '#lib/evals/fix.ts'
import { getEval } from '#lib/evals/get.ts'
import { evalQuery, fixesQuery } from '#lib/evals/queries.ts'
import { requestWords } from '#lib/i18n/request.ts'
import { known, orNotFound, Seeded } from '../../seeded.tsx'

export const generateMetadata = async (): Promise<Metadata> => ({
  title: (await requestWords('evals'))('page.name'),
})

interface EvalAddress {
  params: Promise<{ evalId: string }>
  searchParams: Promise<SearchParams>
}

const load = createLoader(evalAddress)

export default async function EvaluationPage({ params, searchParams }: EvalAddress) {
  const { evalId } = await params
  const query = askedFor(await load(searchParams))
  const page = await getEval(evalId, query).catch(orNotFound)
  const seeds = [
    known(evalQuery(evalId, query), page),
    known(fixesQuery(page.datasetId), await fixesOf(page.datasetId)),
  ]
  return (
    <Seeded seeds={seeds}>
      <EvalPage key={evalId} evalId={evalId} />
    </Seeded>
  )
}
