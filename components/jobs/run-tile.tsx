import type { Series } from '#components/ui/series.ts'
import { Tile } from '#components/ui/tile.tsx'
import { elementSymbol } from '#lib/demo/elements.ts'

/** Run n carries the symbol of element n; past the table, its number. */
export const runSymbol = (number: number): string => elementSymbol(number) ?? String(number)

/** Filled with a colour while the run is chosen. */
export const RunTile = ({ number, series }: { number: number; series?: Series }) => (
  <Tile series={series}>{runSymbol(number)}</Tile>
)
