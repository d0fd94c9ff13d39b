import type { WireError } from '#lib/core/errors.ts'

/** What the studio and the worker of its datasets say to each other over the IPC channel. */
export type WorkerRequest =
  /** `left`: the caller is gone already. */
  { kind: 'do'; id: number; name: string; input: unknown; left: boolean } | { kind: 'abort'; id: number }

export type WorkerReport =
  /** A dataset has changed, or a step of it has begun or ended: the studio's own handle does not see that. */
  | { kind: 'changed' }
  | { kind: 'news'; id: number; news: unknown }
  | { kind: 'done'; id: number; output: unknown }
  | { kind: 'failed'; id: number; error: WireError }
  | { kind: 'aborted'; id: number }
