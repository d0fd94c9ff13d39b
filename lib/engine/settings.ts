import { z } from 'zod'

/** Time limits in ms; settable so that tests can use short ones. */
const Patience = z.object({
  /** For a tokenizer to process one text of up to a megabyte; the same again for each additional megabyte. */
  tokenizer: z.number().positive(),
})
type Patience = z.infer<typeof Patience>

export const usualPatience: Patience = { tokenizer: 15_000 }

/** The studio's first IPC message; the engine reads no environment variables of Limerick. */
export const Settings = z.object({
  /** Absolute path of the engine's folder. */
  folder: z.string().min(1),
  /** The bearer key that every request must send. */
  key: z.string().min(16),
  /** Absolute path of a folder whose subfolders are additional base models. */
  modelsFolder: z.string().min(1).nullable(),
  /** The most memory that a training may use, in bytes; null for all that is free. */
  memoryLimit: z.number().positive().nullable().default(null),
  /** Process id of our parent: the engine exits when the parent ends. */
  parent: z.number().int(),
  patience: Patience.default(usualPatience),
})
export type Settings = z.infer<typeof Settings>

/** The engine's IPC messages. */
export type EngineReport =
  | { kind: 'listening'; port: number }
  /** Heartbeat: sent each second from the main thread while it is responsive. */
  | { kind: 'alive' }
  /** Why startup failed. */
  | { kind: 'failed'; reason: string }
