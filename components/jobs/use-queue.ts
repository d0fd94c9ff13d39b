import { useQuery } from '@tanstack/react-query'
import { engineQueueQuery } from '#lib/jobs/queries.ts'

/** ms between two looks at the engine's queue. */
const EVERY = 5_000

/** What the built-in engine trains and what waits for it, while somebody wants to know. */
export const useQueue = (enabled: boolean) =>
  useQuery({ ...engineQueueQuery(), refetchInterval: EVERY, enabled }).data
