import { useQuery } from '@tanstack/react-query'
import { versionQuery } from '#lib/datasets/queries.ts'
import type { DatasetSummary } from '#lib/datasets/schema.ts'
import type { JobDraft } from '#lib/jobs/schema.ts'
import type { Blocker } from './form-plan.ts'

interface VersionRows {
  datasets: readonly DatasetSummary[]
  /** Why nothing can start yet: the rows of the version are not known. */
  blocker: Blocker | null
}

/**
 * The datasets as a draft trains on them: with the rows of its version in place of the current ones. Until those are known
 * the dataset is left out, so that no figure is about other rows.
 */
export function useVersionRows(
  { training, version }: JobDraft,
  datasets: readonly DatasetSummary[],
): VersionRows {
  const { datasetId } = training
  const { data, isError } = useQuery({
    ...versionQuery(datasetId, version ?? ''),
    enabled: version !== null && datasetId !== '',
  })
  if (version === null || datasetId === '') return { datasets, blocker: null }
  if (data)
    return { datasets: datasets.map((dataset) => (dataset.id === data.id ? data : dataset)), blocker: null }
  return {
    datasets: datasets.filter(({ id }) => id !== datasetId),
    blocker: { kind: isError ? 'noVersion' : 'version' },
  }
}
