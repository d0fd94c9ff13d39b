import { mutationOptions, queryOptions } from '@tanstack/react-query'
import { z } from 'zod'
import { ask } from '#lib/http/fetch.ts'
import { replacingMutation } from '#lib/http/replacing-mutation.ts'
import { CallerKey, type KeyDraft, NewCallerKey, ShownKey } from './schema.ts'

/** The API keys, none of them in clear. */
export const callerKeysQuery = () =>
  queryOptions({
    queryKey: ['caller-keys'],
    queryFn: ({ signal }) => ask(z.array(CallerKey), '/api/access/keys', { signal }),
  })

/** Makes an API key. The only answer that holds it is forgotten with the dialog. */
export const makeKeyMutation = () =>
  mutationOptions({
    mutationFn: (body: KeyDraft) => ask(NewCallerKey, '/api/access/keys', { method: 'POST', body }),
    gcTime: 0,
    onSettled: (made, _error, _body, _result, { client }) =>
      client.setQueryData(callerKeysQuery().queryKey, made?.keys),
  })

export const revokeKeyMutation = () =>
  replacingMutation(callerKeysQuery(), (id: string) =>
    ask(z.array(CallerKey), `/api/access/keys?${new URLSearchParams({ id })}`, { method: 'DELETE' }),
  )

/** The bearer key of this installation's `/v1`; asked for only when the user wants to see it. */
export const showKeyMutation = () =>
  mutationOptions({ mutationFn: () => ask(ShownKey, '/api/access/key'), gcTime: 0 })
