import { queryOptions } from '@tanstack/react-query'
import { ask } from '#lib/http/fetch.ts'
import type { CallerKey, KeyDraft, NewCallerKey } from './schema.ts'

/** The keys of programs, none of them in clear. */
export const callerKeysQuery = () =>
  queryOptions({
    queryKey: ['caller-keys'],
    queryFn: ({ signal }) => ask<CallerKey[]>('/api/access/keys', { signal }),
  })

/** The one answer that holds the new key. */
export const makeKey = (body: KeyDraft) => ask<NewCallerKey>('/api/access/keys', { method: 'POST', body })

export const revokeKey = (id: string) =>
  ask<CallerKey[]>(`/api/access/keys?${new URLSearchParams({ id })}`, { method: 'DELETE' })
