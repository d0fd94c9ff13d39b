import { elementSymbol } from '#components/datasets/elements.ts'
import { Tile } from '#components/ui/tile.tsx'

/** Run n carries the symbol of element n; past the table, its number. */
export const RunTile = ({ number }: { number: number }) => (
  <Tile>{elementSymbol(number) ?? String(number)}</Tile>
)
