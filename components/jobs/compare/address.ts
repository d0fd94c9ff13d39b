import { parseAsWords } from '#components/ui/address-parsers.ts'
import { MOST_COMPARED } from '#lib/jobs/constants.ts'

export const compareAddress = { runs: parseAsWords }

/** Unique ids, at most as many as a comparison can show. */
export const idsOf = ({ runs }: { runs: readonly string[] }): string[] =>
  [...new Set(runs)].slice(0, MOST_COMPARED)
