import { AppError } from '#lib/core/errors.ts'
import { isAnswering } from './health.ts'
import { engineRestart } from './registry.ts'

/**
 * Ends a built-in engine that does not answer and starts another one; its jobs continue from their last saved step.
 * @throws AppError conflict when it answers, unavailable when this process does not keep it
 */
export async function restartEngine(): Promise<void> {
  const restart = engineRestart()
  if (!restart) throw new AppError('unavailable', 'providers.engineNotKept')
  if (await isAnswering('embedded')) throw new AppError('conflict', 'providers.engineAnswers')
  restart()
}
