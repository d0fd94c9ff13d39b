/** Lines in one window. */
export const PAGE_ROWS = 100

/** Rows that one change may name. */
export const MOST_CHOSEN = 10_000
