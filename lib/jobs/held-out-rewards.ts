import { z } from 'zod'
import { newestValidation } from './curve-store.ts'
import { eventData } from './history-store.ts'
import { Rewards } from './series-schema.ts'

/** The built-in engine's part of an event with a validation on preference pairs. */
const ValidationEvent = z.object({ limerick: z.object({ full_valid_rewards: Rewards }) })

/**
 * Rewards on all held-out pairs at a job's newest validation.
 * @returns null before the first one, and where the provider does not report them
 */
export async function heldOutRewards(jobId: string): Promise<Rewards | null> {
  const eventId = await newestValidation(jobId)
  const json = eventId === null ? null : await eventData(jobId, eventId)
  const found = json === null ? null : ValidationEvent.safeParse(JSON.parse(json))
  return found?.data?.limerick.full_valid_rewards ?? null
}
