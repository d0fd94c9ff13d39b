import { z } from 'zod'

/** What is kept of an account. A list is what the provider says there is; events and checkpoints have the id of their job. */
export const ItemKind = z.enum(['list', 'job', 'events', 'checkpoints', 'file', 'model'])
export type ItemKind = z.infer<typeof ItemKind>

/** Why something is not here. */
export const Reason = z.enum([
  /** The provider does not have it: deleted, or of another project. */
  'gone',
  /** The provider has no such address. */
  'notOffered',
  'refused',
  /** The answer ended before all of it had come, at every try. */
  'cut',
  /** A list whose later pages cannot be reached: the server sends the first again and again. */
  'repeats',
  'unreachable',
  'tooLarge',
  /** It was seen with another key, and this one does not see it. */
  'otherKey',
])
export type Reason = z.infer<typeof Reason>

/** What an item is called, for people. */
export const ItemFacts = z.object({
  filename: z.string().optional(),
  purpose: z.string().optional(),
  /** YYYY-MM-DD; the day on which the provider shuts a model down. */
  shutdownDate: z.string().optional(),
})
export type ItemFacts = z.infer<typeof ItemFacts>
