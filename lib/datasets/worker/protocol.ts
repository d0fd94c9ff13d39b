import type { WireError } from '#lib/core/errors.ts'

/** Messages between the studio and the dataset worker over the IPC channel. */
export type WorkerRequest =
  /** `aborted`: the caller has aborted already. */
  { kind: 'do'; id: number; name: string; input: unknown; aborted: boolean } | { kind: 'abort'; id: number }

export type WorkerReport =
  /** A dataset has changed, or a step has begun or ended: the studio's handle does not see the worker's writes. */
  | { kind: 'changed' }
  | { kind: 'news'; id: number; news: unknown }
  | { kind: 'done'; id: number; output: unknown }
  | { kind: 'failed'; id: number; error: WireError }
  | { kind: 'aborted'; id: number }
