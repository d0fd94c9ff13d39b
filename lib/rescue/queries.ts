import { mutationOptions, queryOptions } from '@tanstack/react-query'
import { z } from 'zod'
import { ask } from '#lib/http/fetch.ts'
import { MissingItem, Rescue, type RescueDraft } from './schema.ts'

const at = (providerId: string, rest = ''): string => `/api/rescue/${encodeURIComponent(providerId)}${rest}`

/** The rescue of each provider; the event stream keeps it fresh. */
export const rescuesQuery = () =>
  queryOptions({
    queryKey: ['rescues'],
    queryFn: ({ signal }) => ask(z.array(Rescue), '/api/rescue', { signal }),
  })

/** What is not here of a provider. @param mark differs when the list may have changed */
export const missingQuery = (providerId: string, mark: number) =>
  queryOptions({
    queryKey: ['rescues', providerId, 'missing', mark],
    queryFn: ({ signal }) => ask(z.array(MissingItem), at(providerId, '/missing'), { signal }),
  })

const rescueMutation = <Wish = void>(mutationFn: (wish: Wish) => Promise<Rescue[]>) =>
  mutationOptions({
    mutationFn,
    onSettled: (rescues, _error, _wish, _result, { client }) => {
      client.setQueryData(rescuesQuery().queryKey, rescues)
      void client.invalidateQueries({ predicate: ({ queryKey }) => queryKey.includes('missing') })
    },
  })

export const startRescueMutation = (providerId: string) =>
  rescueMutation((body: RescueDraft) => ask(z.array(Rescue), at(providerId), { method: 'POST', body }))

export const stopRescueMutation = (providerId: string) =>
  rescueMutation(() => ask(z.array(Rescue), at(providerId, '/stop'), { method: 'POST' }))

export const importRescueMutation = () =>
  rescueMutation((file: File) => ask(z.array(Rescue), '/api/rescue/import', { method: 'POST', body: file }))

/** Address of the download. */
export const zipAddress = (providerId: string): string => at(providerId, '/zip')
