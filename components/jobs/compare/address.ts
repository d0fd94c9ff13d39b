import { parseAsWords } from '#components/ui/address-parsers.ts'
import { MOST_COMPARED } from '#lib/jobs/schema.ts'

export const compareAddress = { runs: parseAsWords }

/** Each once, and no more than can be compared. */
export const idsOf = ({ runs }: { runs: readonly string[] }): string[] =>
  [...new Set(runs)].slice(0, MOST_COMPARED)
