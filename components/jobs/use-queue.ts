import { useQuery } from '@tanstack/react-query'
import { engineQueueQuery } from '#lib/jobs/queries.ts'

/** ms between two looks at the engine's queue. */
const EVERY = 5_000

/** The built-in engine's running and waiting jobs; asked for only while a component shows them. */
export const useQueue = (enabled: boolean) =>
  useQuery({ ...engineQueueQuery(), refetchInterval: EVERY, enabled }).data
