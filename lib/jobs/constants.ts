export const JOB_SORTS = ['created', 'name', 'state', 'score', 'loss', 'valid', 'time', 'cost'] as const

/** Jobs on a page of the list. */
export const LIST_PAGE = 50

/** Most jobs in one comparison. */
export const MOST_COMPARED = 7

/** Jobs that one request may change: a page of the list, twice. */
export const MOST_AT_ONCE = 100
export const MOST_TAGS = 20

/** Most jobs of one sweep. */
export const MOST_SWEPT = 9

/** ms until the next try when a provider did not say how long to wait. */
export const UNTOLD = 10 * 60_000

/** Largest learning rate multiplier of a job. */
export const MAX_MULTIPLIER = 1000
