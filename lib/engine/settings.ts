import { z } from 'zod'

/** What the studio sends over IPC as its first message; the engine reads no environment variable of ours. */
export const Settings = z.object({
  /** Absolute path of the engine's own folder. */
  folder: z.string().min(1),
  /** The bearer key that every request must carry. */
  key: z.string().min(16),
  /** Absolute path of a folder whose subfolders are further base models. */
  modelsFolder: z.string().min(1).nullable(),
  /** Process id of whoever started us: we never outlive it. */
  parent: z.number().int(),
})
export type Settings = z.infer<typeof Settings>

/** The one thing the engine says over IPC. */
export interface Listening {
  kind: 'listening'
  port: number
}
