import {
  dehydrate,
  HydrationBoundary,
  type InferDataFromTag,
  QueryClient,
  type QueryKey,
} from '@tanstack/react-query'
import { notFound } from 'next/navigation'
import type { ReactNode } from 'react'
import { AppError } from '#lib/core/errors.ts'
import { pause } from '#lib/core/pause.ts'

type Seed = (queries: QueryClient) => unknown

type Answer<Key extends QueryKey> = InferDataFromTag<unknown, Key>

interface Query<Key extends QueryKey> {
  queryKey: Key
}

/** Seeds the browser's query cache with a result that the page already has. */
export const known =
  <Key extends QueryKey>({ queryKey }: Query<Key>, answer: Answer<Key>): Seed =>
  (queries) =>
    queries.setQueryData<unknown>(queryKey, answer)

/** ms that a page waits for a provider: one that is silent must not keep it back. */
const PATIENCE = 1_000

/** @returns undefined when the answer takes too long */
export async function inTime<Result>(answer: Promise<Result>): Promise<Result | undefined> {
  const over = new AbortController()
  const late = pause(PATIENCE, over.signal).then(() => undefined)
  return Promise.race([answer, late]).finally(() => over.abort())
}

/**
 * Runs a query on the server. If it fails or takes too long, the browser runs it again, and shows a skeleton until the
 * result is there, or the error.
 */
export const asked =
  <Key extends QueryKey>({ queryKey }: Query<Key>, ask: () => Answer<Key> | Promise<Answer<Key>>): Seed =>
  (queries) =>
    inTime(queries.prefetchQuery<unknown>({ queryKey, queryFn: ask }))

/** Page content with prefetched query results. */
export async function Seeded({ seeds, children }: { seeds: readonly Seed[]; children: ReactNode }) {
  const queries = new QueryClient()
  await Promise.all(seeds.map((seed) => seed(queries)))
  return <HydrationBoundary state={dehydrate(queries)}>{children}</HydrationBoundary>
}

/** For `catch`: turns a `not_found` error into a 404 page. */
export const orNotFound = (thrown: unknown): never => {
  if (thrown instanceof AppError && thrown.code === 'not_found') notFound()
  throw thrown
}
