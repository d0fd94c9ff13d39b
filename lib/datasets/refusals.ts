import { AppError } from '#lib/core/errors.ts'

export const noDataset = (): AppError =>
  new AppError('not_found', 'This dataset does not exist, or it was deleted.', { param: 'datasetId' })

/** @param param the field at fault */
export const beingChanged = (param?: string): AppError =>
  new AppError('conflict', 'Rows of this dataset are being imported or rewritten. Wait until that is done.', {
    param,
  })

/** Once a run has used a dataset, none of its rows changes sides. */
export const refuseLocked = (): AppError =>
  new AppError(
    'conflict',
    'A job has used this dataset, so its rows stay on their side of the split: what one job was measured on must not be trained on by the next. To split them anew, copy the rows into another dataset.',
    { param: 'split' },
  )
