import { mutationOptions, queryOptions } from '@tanstack/react-query'
import { z } from 'zod'
import { ask } from '#lib/http/fetch.ts'
import { Closing, type ClosingDates } from './closings-schema.ts'

const ADDRESS = '/api/home/closings'

/** OpenAI's shutdowns. */
export const closingsQuery = () =>
  queryOptions({
    queryKey: ['closings'],
    queryFn: ({ signal }) => ask(z.array(Closing), ADDRESS, { signal }),
  })

export const setClosingsMutation = () =>
  mutationOptions({
    mutationFn: (body: ClosingDates) => ask(z.array(Closing), ADDRESS, { method: 'PUT', body }),
    onSettled: (closings, _error, _body, _result, { client }) =>
      client.setQueryData(closingsQuery().queryKey, closings),
  })
