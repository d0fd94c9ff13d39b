import { mutationOptions, queryOptions } from '@tanstack/react-query'
import { asking } from '#lib/http/fetch.ts'
import type { Rescue, RescueDraft } from './schema.ts'

const ask = asking(() => import('./schema.ts'))

const at = (providerId: string, rest = ''): string => `/api/rescue/${encodeURIComponent(providerId)}${rest}`

/** The rescue of each provider; the event stream keeps it fresh. */
export const rescuesQuery = () =>
  queryOptions({
    queryKey: ['rescues'],
    queryFn: ({ signal }) => ask(({ Rescue }) => Rescue.array(), '/api/rescue', { signal }),
  })

/** What is not here of a provider. @param mark differs when the list may have changed */
export const missingQuery = (providerId: string, mark: number) =>
  queryOptions({
    queryKey: ['rescues', providerId, 'missing', mark],
    queryFn: ({ signal }) =>
      ask(({ MissingItem }) => MissingItem.array(), at(providerId, '/missing'), { signal }),
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
  rescueMutation((body: RescueDraft) =>
    ask(({ Rescue }) => Rescue.array(), at(providerId), { method: 'POST', body }),
  )

export const stopRescueMutation = (providerId: string) =>
  rescueMutation(() => ask(({ Rescue }) => Rescue.array(), at(providerId, '/stop'), { method: 'POST' }))

export const importRescueMutation = () =>
  rescueMutation((file: File) =>
    ask(({ Rescue }) => Rescue.array(), '/api/rescue/import', { method: 'POST', body: file }),
  )

/** Address of the download. */
export const zipAddress = (providerId: string): string => at(providerId, '/zip')
