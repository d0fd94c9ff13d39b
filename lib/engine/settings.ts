import { z } from 'zod'

/** How long something may take before the engine ends it, in ms; parameters, so that tests need not wait. */
const Patience = z.object({
  /** For a tokenizer to read one text of up to a megabyte; as long again for each further one. */
  tokenizer: z.number().positive(),
})
type Patience = z.infer<typeof Patience>

export const usualPatience: Patience = { tokenizer: 15_000 }

/** What the studio sends over IPC as its first message; the engine reads no environment variable of ours. */
export const Settings = z.object({
  /** Absolute path of the engine's own folder. */
  folder: z.string().min(1),
  /** The bearer key that every request must carry. */
  key: z.string().min(16),
  /** Absolute path of a folder whose subfolders are further base models. */
  modelsFolder: z.string().min(1).nullable(),
  /** Process id of our parent: we never outlive it. */
  parent: z.number().int(),
  patience: Patience.default(usualPatience),
})
export type Settings = z.infer<typeof Settings>

/** What the engine says over IPC. */
export type EngineReport =
  | { kind: 'listening'; port: number }
  /** Each second from its main thread: as long as these come, it can answer. */
  | { kind: 'alive' }
  /** Why it ends before it listens. */
  | { kind: 'failed'; reason: string }
