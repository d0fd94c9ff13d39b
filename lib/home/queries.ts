import { mutationOptions, queryOptions } from '@tanstack/react-query'
import { asking } from '#lib/http/fetch.ts'
import type { ClosingDates } from './closings-schema.ts'

const ask = asking(() => import('./closings-schema.ts'))

const ADDRESS = '/api/home/closings'

/** OpenAI's shutdowns. */
export const closingsQuery = () =>
  queryOptions({
    queryKey: ['closings'],
    queryFn: ({ signal }) => ask(({ Closing }) => Closing.array(), ADDRESS, { signal }),
  })

export const setClosingsMutation = () =>
  mutationOptions({
    mutationFn: (body: ClosingDates) =>
      ask(({ Closing }) => Closing.array(), ADDRESS, { method: 'PUT', body }),
    onSettled: (closings, _error, _body, _result, { client }) =>
      client.setQueryData(closingsQuery().queryKey, closings),
  })
