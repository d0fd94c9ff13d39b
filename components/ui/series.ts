/** A job keeps its colour for life; after seven, the colours repeat, with a second dash pattern in charts. */
export type Series = 1 | 2 | 3 | 4 | 5 | 6 | 7

export const seriesColor = (series: Series) => `var(--series-${series})`
