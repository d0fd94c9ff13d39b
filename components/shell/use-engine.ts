import { useQuery } from '@tanstack/react-query'
import { providersQuery } from '#lib/providers/queries.ts'

/** ms between two looks: the engine's heartbeat is what is looked at. */
const EVERY = 5_000

/** Whether this computer's own engine answers; undefined while it starts for the first time. */
export function useEngine() {
  const { data } = useQuery({ ...providersQuery(), refetchInterval: EVERY })
  return data?.find(({ id }) => id === 'embedded')?.health
}
