import { ServedTraining, trainingOf } from './catalog.ts'
import { askJson, MOST_OBJECT } from './request.ts'
import type { CatalogModel } from './schema.ts'
import { EngineTrainers, type TrainerName, type TuningMethod } from './trainers-schema.ts'

/**
 * What the built-in engine can train with. It answers at once, also while an environment is still being asked.
 * @param fresh asks the environment again
 * @throws APIError as the engine answers
 */
export const listTrainers = (fresh = false): Promise<EngineTrainers> =>
  askJson('embedded', 'trainers', EngineTrainers, {
    path: ['limerick', 'trainers'],
    atRoot: true,
    query: fresh ? { refresh: 'true' } : {},
    most: MOST_OBJECT,
  })

/**
 * Makes a Python environment for trl in the background, or ends that; what it does is in the list.
 * @throws APIError as the engine answers, also where there is too little room
 */
export const changeEnvironment = (method: 'post' | 'delete'): Promise<EngineTrainers> =>
  askJson('embedded', 'trainers', EngineTrainers, {
    method,
    path: ['limerick', 'trainers', 'environment'],
    atRoot: true,
    most: MOST_OBJECT,
  })

/**
 * What a trainer takes to train a model, and how fast it is.
 * @param method null: the one that a job would use
 * @throws APIError if the trainer is not there, or cannot train so
 */
export async function trainingBy(
  trainer: TrainerName,
  model: string,
  method: TuningMethod | null,
): Promise<CatalogModel['training']> {
  const told = await askJson('embedded', 'trainers', ServedTraining, {
    path: ['limerick', 'trainers', trainer, 'models', model],
    atRoot: true,
    query: method === null ? {} : { method },
    most: MOST_OBJECT,
  })
  return trainingOf(told)
}
