import { mutationOptions, queryOptions } from '@tanstack/react-query'
import { asking } from '#lib/http/fetch.ts'
import { replacingMutation } from '#lib/http/replacing-mutation.ts'
import type { KeyDraft } from './schema.ts'

const ask = asking(() => import('./schema.ts'))

/** The API keys, none of them in clear. */
export const callerKeysQuery = () =>
  queryOptions({
    queryKey: ['caller-keys'],
    queryFn: ({ signal }) => ask(({ CallerKey }) => CallerKey.array(), '/api/access/keys', { signal }),
  })

/** Makes an API key. The only answer that holds it is forgotten with the dialog. */
export const makeKeyMutation = () =>
  mutationOptions({
    mutationFn: (body: KeyDraft) =>
      ask(({ NewCallerKey }) => NewCallerKey, '/api/access/keys', { method: 'POST', body }),
    gcTime: 0,
    onSettled: (made, _error, _body, _result, { client }) =>
      client.setQueryData(callerKeysQuery().queryKey, made?.keys),
  })

export const revokeKeyMutation = () =>
  replacingMutation(callerKeysQuery(), (id: string) =>
    ask(({ CallerKey }) => CallerKey.array(), `/api/access/keys?${new URLSearchParams({ id })}`, {
      method: 'DELETE',
    }),
  )

/** The bearer key of this installation's `/v1`; asked for only when the user wants to see it. */
export const showKeyMutation = () =>
  mutationOptions({ mutationFn: () => ask(({ ShownKey }) => ShownKey, '/api/access/key'), gcTime: 0 })
