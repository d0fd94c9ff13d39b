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

type Seed = (queries: QueryClient) => unknown

type Answer<Key extends QueryKey> = InferDataFromTag<unknown, Key>

interface Query<Key extends QueryKey> {
  queryKey: Key
}

/** Gives the browser an answer that the page has already. */
export const known =
  <Key extends QueryKey>({ queryKey }: Query<Key>, answer: Answer<Key>): Seed =>
  (queries) =>
    queries.setQueryData<unknown>(queryKey, answer)

/** Asks on the server. What fails is left to the page: it asks again, and shows the error in its words. */
export const asked =
  <Key extends QueryKey>({ queryKey }: Query<Key>, ask: () => Answer<Key> | Promise<Answer<Key>>): Seed =>
  (queries) =>
    queries.prefetchQuery<unknown>({ queryKey, queryFn: ask })

/** The content of a page, with the first answers to its queries. */
export async function Seeded({ seeds, children }: { seeds: readonly Seed[]; children: ReactNode }) {
  const queries = new QueryClient()
  await Promise.all(seeds.map((seed) => seed(queries)))
  return <HydrationBoundary state={dehydrate(queries)}>{children}</HydrationBoundary>
}

/** For `catch`: what does not exist has no page. */
export const orNotFound = (thrown: unknown): never => {
  if (thrown instanceof AppError && thrown.code === 'not_found') notFound()
  throw thrown
}
