import type { Job } from '#lib/jobs/schema.ts'
import type { ListView } from './list-address.ts'

const within = (chosen: readonly string[], value: string | null): boolean =>
  chosen.length === 0 || (value !== null && chosen.includes(value))

/** Whether a job matches the filters; the same rule as on the server. */
export function fits(job: Job, { q, state, model, dataset, provider }: ListView): boolean {
  const { suffix, datasetName, id, remoteId, fineTunedModel } = job
  const wanted = q.trim().toLowerCase()
  const names = [suffix, datasetName, id, remoteId, job.model, fineTunedModel]
  return (
    within(state, job.status) &&
    within(model, job.model) &&
    within(dataset, job.datasetId) &&
    within(provider, job.providerId) &&
    (names.some((name) => name?.toLowerCase().includes(wanted)) || String(job.number) === wanted)
  )
}
