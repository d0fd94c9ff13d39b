import { AppError } from '#lib/errors.ts'

/** Once a run has used a dataset, none of its rows changes sides. */
export const refuseLocked = (): AppError =>
  new AppError(
    'conflict',
    'A run has used this dataset, so its rows stay on their side of the split: what one run was measured on must not be trained on by the next. To split them anew, copy the rows into another dataset.',
    { param: 'split' },
  )
