import { mutationOptions, queryOptions } from '@tanstack/react-query'
import { z } from 'zod'
import { changeDataset, datasetsQuery } from '#lib/datasets/queries.ts'
import { ask } from '#lib/http/fetch.ts'
import { replacingMutation } from '#lib/http/replacing-mutation.ts'
import { DeletedDataset, Space } from './schema.ts'

/** Room on the disk. */
export const spaceQuery = () =>
  queryOptions({
    queryKey: ['storage', 'space'],
    queryFn: ({ signal }) => ask(Space, '/api/storage', { signal }),
  })

/** Deleted datasets, the last deleted first. */
export const deletedQuery = () =>
  queryOptions({
    queryKey: ['storage', 'deleted'],
    queryFn: ({ signal }) => ask(z.array(DeletedDataset), '/api/storage/deleted', { signal }),
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
    ask(z.array(DeletedDataset), `/api/storage/deleted/${encodeURIComponent(datasetId)}`, {
      method: 'DELETE',
    }),
  )
