import type { Metadata } from 'next'
import { jobName } from '#components/jobs/job-name.ts'
import { JobPage } from '#components/jobs/page/job-page.tsx'
import { quizQuery, scoresQuery } from '#lib/evals/queries.ts'
import { getQuiz } from '#lib/evals/quiz.ts'
import { scoresOf } from '#lib/evals/scores.ts'
import { jobEvents } from '#lib/jobs/events.ts'
import { getJob } from '#lib/jobs/get.ts'
import { jobEventsQuery, jobQuery } from '#lib/jobs/queries.ts'
import { pricesQuery } from '#lib/providers/queries.ts'
import { listPrices } from '#lib/providers/training-price-list.ts'
import { origin } from '../../origin.ts'
import { asked, known, orNotFound, Seeded } from '../../seeded.tsx'

interface JobAddress {
  params: Promise<{ jobId: string }>
}

export async function generateMetadata({ params }: JobAddress): Promise<Metadata> {
  const { jobId } = await params
  return { title: jobName(await getJob(jobId).catch(orNotFound)) }
}

export default async function RunPage({ params }: JobAddress) {
  const [address, { jobId }] = await Promise.all([origin(), params])
  const [job, events, prices] = await Promise.all([getJob(jobId), jobEvents(jobId), listPrices()]).catch(
    orNotFound,
  )
  const seeds = [
    known(jobQuery(jobId), job),
    known(jobEventsQuery(jobId), events),
    known(pricesQuery(), prices),
    ...(job.status === 'succeeded'
      ? [asked(scoresQuery(jobId), () => scoresOf(jobId)), asked(quizQuery(jobId), () => getQuiz(jobId))]
      : []),
  ]
  return (
    <Seeded seeds={seeds}>
      <JobPage key={jobId} jobId={jobId} baseURL={`${address}/v1`} />
    </Seeded>
  )
}
