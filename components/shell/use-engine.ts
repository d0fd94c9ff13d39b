import { useQuery } from '@tanstack/react-query'
import { providersQuery } from '#lib/providers/queries.ts'

/** ms between two checks of the engine's heartbeat. */
const EVERY = 5_000

/** Whether the built-in engine responds; undefined during its first start. */
export function useEngine() {
  const { data } = useQuery({ ...providersQuery(), refetchInterval: EVERY })
  return data?.find(({ id }) => id === 'embedded')?.health
}
