import { queryOptions } from '@tanstack/react-query'
import { ask } from '#lib/http/fetch.ts'
import type { Space } from './schema.ts'

/** Room on the disk. */
export const spaceQuery = () =>
  queryOptions({
    queryKey: ['storage', 'space'],
    queryFn: ({ signal }) => ask<Space>('/api/storage', { signal }),
  })
