import { AppError } from '#lib/core/errors.ts'

/** How long our own engine may take to begin an answer that needs no work, in ms. */
export const ENGINE_PATIENCE = 10_000

/**
 * Whether the engine answers a request at once. Chat waits for its model and its turn, a file and a job for the disk, a
 * cancel for the current step, a long text for its tokenizer, an export for a whole model, a model to add for its hub:
 * those may last as long as the engine's heartbeat goes on.
 * @param path behind `/v1`, or at the root
 */
export function answersAtOnce(method: string, path: string): boolean {
  if (path.endsWith('/export')) return false
  if (method !== 'POST') return true
  return !/\/(completions|responses|files|jobs|cancel|tokenize|measure|limerick\/models|check)$/.test(path)
}

export const engineLate = (): AppError => new AppError('provider_unreachable', 'providers.engineLate')
