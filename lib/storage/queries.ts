import { queryOptions } from '@tanstack/react-query'
import { z } from 'zod'
import { ask } from '#lib/http/fetch.ts'
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

/** @returns the remaining deleted datasets */
export const deleteForGood = (datasetId: string) =>
  ask(z.array(DeletedDataset), `/api/storage/deleted/${encodeURIComponent(datasetId)}`, { method: 'DELETE' })
