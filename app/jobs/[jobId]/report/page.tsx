import type { Metadata } from 'next'
import { ReportPage } from '#components/evals/report/report-page.tsx'
import { versionsQuery } from '#lib/datasets/queries.ts'
import { listVersions } from '#lib/datasets/versions.ts'
import { getEval } from '#lib/evals/get.ts'
import { evalQuery, REPORTED, scoresQuery } from '#lib/evals/queries.ts'
import { scoresOf } from '#lib/evals/scores.ts'
import { requestWords } from '#lib/i18n/request.ts'
import { getJob } from '#lib/jobs/get.ts'
import { jobQuery } from '#lib/jobs/queries.ts'
import { listAliases } from '#lib/models/aliases.ts'
import { aliasesQuery } from '#lib/models/queries.ts'
import { asked, known, orNotFound, Seeded } from '../../../seeded.tsx'

export const generateMetadata = async (): Promise<Metadata> => ({
  title: (await requestWords('report'))('page'),
})

export default async function JobReportPage({ params }: { params: Promise<{ jobId: string }> }) {
  const { jobId } = await params
  const job = await getJob(jobId).catch(orNotFound)
  const { datasetId } = job
  const scores = job.status === 'succeeded' ? await scoresOf(jobId) : null
  const evalId = scores?.evalId ?? null
  const seeds = [
    known(jobQuery(jobId), job),
    asked(aliasesQuery(), listAliases),
    ...(datasetId === null ? [] : [asked(versionsQuery(datasetId), () => listVersions(datasetId))]),
    ...(scores ? [known(scoresQuery(jobId), scores)] : []),
    ...(evalId === null ? [] : [asked(evalQuery(evalId, REPORTED), () => getEval(evalId, REPORTED))]),
  ]
  return (
    <Seeded seeds={seeds}>
      <ReportPage key={jobId} jobId={jobId} />
    </Seeded>
  )
}
