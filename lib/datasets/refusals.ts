import { AppError } from '#lib/core/errors.ts'

export const noDataset = (): AppError => new AppError('not_found', 'datasets.none', { param: 'datasetId' })

/** @param param the wrong field */
export const beingChanged = (param?: string): AppError =>
  new AppError('conflict', 'datasets.beingChanged', {
    param,
  })

/** Once a job has used a dataset, its rows keep their split. */
export const refuseLocked = (): AppError => new AppError('conflict', 'datasets.locked', { param: 'split' })
