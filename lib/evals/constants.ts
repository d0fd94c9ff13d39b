/** The dataset of an evaluation that asks the domain's quiz: its questions are in no dataset. */
export const QUIZ = 'quiz'

/** The dataset of a recording: what a model answers to prompts of several splits, and to some that are in no dataset. */
export const RECORDING = 'recording'

/** Most rows, columns and graders of one evaluation. */
export const MOST_ROWS = 1_000

export const MOST_COLUMNS = 24

export const ROW_SORTS = ['position', 'regressions'] as const

export const ROW_FILTERS = ['all', 'failing', 'different'] as const
