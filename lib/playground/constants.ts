/** Most panes side by side, and most answers at once. */
export const MOST_PANES = 8
export const MOST_SAMPLES = 8
