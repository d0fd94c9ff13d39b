import { readExampleRow } from '#components/home/example-row.ts'
import { HomePage } from '#components/home/home-page.tsx'
import { datasetsQuery } from '#lib/datasets/queries.ts'
import type { DatasetSummary } from '#lib/datasets/schema.ts'
import { getRows, listDatasets } from '#lib/datasets/view.ts'
import { FIRST_SAMPLE } from '#lib/domain/domain.ts'
import { afterTraining } from '#lib/home/after-training.ts'
import { listClosings } from '#lib/home/closings.ts'
import { closingsQuery } from '#lib/home/queries.ts'
import { failure, logInternal } from '#lib/http/failure.ts'
import { listJobs } from '#lib/jobs/list.ts'
import { jobsQuery } from '#lib/jobs/queries.ts'
import type { Job } from '#lib/jobs/schema.ts'
import { listProvidersWithHealth } from '#lib/providers/health.ts'
import { providersQuery } from '#lib/providers/queries.ts'
import { rescuesQuery } from '#lib/rescue/queries.ts'
import { listRescues } from '#lib/rescue/rescue.ts'
import { asked, known, Seeded } from './seeded.tsx'

/** The first row of the sample dataset, as an example. */
async function exampleRow(datasets: DatasetSummary[]) {
  const first = datasets.find(({ sample }) => sample === FIRST_SAMPLE)
  if (!first) return null
  try {
    const [row] = (await getRows(first.id, { offset: 0, limit: 1 })).rows
    return row ? readExampleRow(row.number, row.text) : null
  } catch (thrown) {
    // The home page links to everything else: it must render without the example, as it does without a sample dataset.
    logInternal(failure(thrown))
    return null
  }
}

/** What the user has done with the newest job's model. On an error, the home page renders without it. */
async function afterNewest([newest]: readonly Job[]) {
  if (newest?.status !== 'succeeded') return null
  return afterTraining(newest.id).catch((thrown: unknown) => {
    logInternal(failure(thrown))
    return null
  })
}

export default async function Home() {
  const [datasets, jobs] = await Promise.all([listDatasets(), listJobs()])
  const after = await afterNewest(jobs)
  const seeds = [
    known(datasetsQuery(), datasets),
    known(jobsQuery(), jobs),
    asked(providersQuery(), () => listProvidersWithHealth()),
    asked(rescuesQuery(), listRescues),
    asked(closingsQuery(), listClosings),
  ]
  return (
    <Seeded seeds={seeds}>
      <HomePage example={await exampleRow(datasets)} after={after} today={Date.now()} />
    </Seeded>
  )
}
