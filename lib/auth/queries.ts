import { queryOptions } from '@tanstack/react-query'
import { z } from 'zod'
import { ask } from '#lib/http/fetch.ts'
import { CallerKey, type KeyDraft, NewCallerKey, ShownKey } from './schema.ts'

/** The API keys, none of them in clear. */
export const callerKeysQuery = () =>
  queryOptions({
    queryKey: ['caller-keys'],
    queryFn: ({ signal }) => ask(z.array(CallerKey), '/api/access/keys', { signal }),
  })

/** The only answer that holds the new key. */
export const makeKey = (body: KeyDraft) => ask(NewCallerKey, '/api/access/keys', { method: 'POST', body })

export const revokeKey = (id: string) =>
  ask(z.array(CallerKey), `/api/access/keys?${new URLSearchParams({ id })}`, { method: 'DELETE' })

/** The bearer key of this installation's `/v1`; asked for only when the user wants to see it. */
export const askForKey = () => ask(ShownKey, '/api/access/key')
