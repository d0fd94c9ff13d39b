import type { Series } from '#components/ui/series.ts'
import { Tile } from '#components/ui/tile.tsx'
import { domain } from '#lib/domain/domain.ts'

/** The label of job n, else its number. */
export const runSymbol = (number: number): string => domain.jobLabel(number) ?? String(number)

/** Filled with a colour while the job is selected. */
export const JobTile = ({ number, series }: { number: number; series?: Series }) => (
  <Tile series={series}>{runSymbol(number)}</Tile>
)
