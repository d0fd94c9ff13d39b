import { AppError } from '#lib/core/errors.ts'

export const noDataset = (): AppError => new AppError('not_found', 'datasets.none', { param: 'datasetId' })

/** @param param the field at fault */
export const beingChanged = (param?: string): AppError =>
  new AppError('conflict', 'datasets.beingChanged', {
    param,
  })

/** Once a run has used a dataset, none of its rows changes sides. */
export const refuseLocked = (): AppError => new AppError('conflict', 'datasets.locked', { param: 'split' })
