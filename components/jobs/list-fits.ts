import type { Job } from '#lib/jobs/schema.ts'
import type { ListView } from './list-address.ts'

const within = (chosen: readonly string[], value: string | null): boolean =>
  chosen.length === 0 || (value !== null && chosen.includes(value))

/** Whether a job matches the filters; the same rule as on the server. */
export function fits(job: Job, { q, archived, state, model, dataset, provider, tag }: ListView): boolean {
  const { name, suffix, datasetName, id, remoteId, fineTunedModel, tags, archivedAt } = job
  const wanted = q.trim().toLowerCase()
  const names = [name, suffix, datasetName, id, remoteId, job.model, fineTunedModel, ...tags]
  return (
    archived === (archivedAt !== null) &&
    (tag.length === 0 || tags.some((one) => tag.includes(one))) &&
    within(state, job.status) &&
    within(model, job.model) &&
    within(dataset, job.datasetId) &&
    within(provider, job.providerId) &&
    (names.some((one) => one?.toLowerCase().includes(wanted)) || String(job.number) === wanted)
  )
}
