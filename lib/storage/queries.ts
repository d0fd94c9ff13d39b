import { mutationOptions, queryOptions } from '@tanstack/react-query'
import { changeDataset, datasetsQuery } from '#lib/datasets/queries.ts'
import { asking } from '#lib/http/fetch.ts'
import { replacingMutation } from '#lib/http/replacing-mutation.ts'
import { jobsQuery } from '#lib/jobs/queries.ts'

const ask = asking(async () => ({
  ...(await import('#lib/jobs/schema.ts')),
  ...(await import('./schema.ts')),
}))

/** Room on the disk. */
export const spaceQuery = () =>
  queryOptions({
    queryKey: ['storage', 'space'],
    queryFn: ({ signal }) => ask(({ Space }) => Space, '/api/storage', { signal }),
  })

/** Disk space of the data folder, measured at each call. */
export const usageQuery = () =>
  queryOptions({
    queryKey: ['storage', 'usage'],
    queryFn: ({ signal }) => ask(({ Usage }) => Usage, '/api/storage/usage', { signal }),
  })

/** Everything that people have made, as one zip file. */
export const exportAddress = '/api/storage/export'

/** Deleted datasets, the last deleted first. */
export const deletedQuery = () =>
  queryOptions({
    queryKey: ['storage', 'deleted'],
    queryFn: ({ signal }) =>
      ask(({ DeletedDataset }) => DeletedDataset.array(), '/api/storage/deleted', { signal }),
  })

/** Deletes a dataset, or restores it. */
export const setDeletedMutation = () =>
  mutationOptions({
    mutationFn: ({ id, deleted }: { id: string; deleted: boolean }) => changeDataset(id, { deleted }),
    onSettled: (_dataset, _error, { deleted }, _result, { client }) =>
      Promise.all([
        // The editor of a deleted dataset may still be open, and there is nothing left that it could show.
        client.invalidateQueries({ queryKey: datasetsQuery().queryKey, exact: deleted }),
        client.invalidateQueries({ queryKey: deletedQuery().queryKey }),
      ]),
  })

export const deleteForGoodMutation = () =>
  replacingMutation(deletedQuery(), (datasetId: string) =>
    ask(
      ({ DeletedDataset }) => DeletedDataset.array(),
      `/api/storage/deleted/${encodeURIComponent(datasetId)}`,
      {
        method: 'DELETE',
      },
    ),
  )

const jobsAddress = (jobIds: readonly string[]) => `/api/storage/jobs?ids=${jobIds.join(',')}`

/** What depends on jobs that are to be deleted. */
export const jobDependentsQuery = (jobIds: readonly string[]) =>
  queryOptions({
    queryKey: ['storage', 'jobs', jobIds],
    queryFn: ({ signal }) =>
      ask(({ JobDependents }) => JobDependents.array(), jobsAddress(jobIds), { signal }),
    // A question that was answered a minute ago may have another answer now.
    gcTime: 0,
  })

/** Deletes jobs for good, each by itself. */
export const deleteJobsMutation = () =>
  mutationOptions({
    mutationFn: (jobIds: readonly string[]) =>
      ask(({ Outcome }) => Outcome, jobsAddress(jobIds), { method: 'DELETE' }),
    onSettled: (outcome, _error, _ids, _result, { client }) => {
      const gone = new Set(outcome?.done)
      client.setQueryData(jobsQuery().queryKey, (jobs) => jobs?.filter(({ id }) => !gone.has(id)))
      // Their models are gone, and evaluations and comparisons no longer lead to them.
      for (const key of ['job-list', 'models', 'evals', 'playground'])
        void client.invalidateQueries({ queryKey: [key] })
    },
  })
