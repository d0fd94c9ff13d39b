import type { Metadata } from 'next'
import { z } from 'zod'
import { EvalList } from '#components/evals/eval-list.tsx'
import { listEvals } from '#lib/evals/get.ts'
import { evalsQuery } from '#lib/evals/queries.ts'
import { requestWords } from '#lib/i18n/request.ts'
import { asked, Seeded } from '../seeded.tsx'

export const generateMetadata = async (): Promise<Metadata> => ({
  title: (await requestWords('evals'))('title'),
})

const Id = z.string().max(64).optional().catch(undefined)
const Query = z.object({ job: Id, dataset: Id })

interface EvalsPageProps {
  /** `job=run_…` or `dataset=data_…` filters the list. */
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

export default async function EvalsPage({ searchParams }: EvalsPageProps) {
  const wish = Query.parse(await searchParams)
  return (
    <Seeded seeds={[asked(evalsQuery(wish), () => listEvals(wish))]}>
      <EvalList wish={wish} />
    </Seeded>
  )
}
