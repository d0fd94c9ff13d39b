import { written } from '../edit.ts'
import type { Line } from './format.ts'
import type { Mapping, Refused } from './plan.ts'
import { Reader } from './reader.ts'

export { readWeight } from './turns.ts'

/** A training line as text, on one line of a file. */
export const lineText = (line: Line): string => (typeof line === 'string' ? line : written(line))

/**
 * Converts one record to training lines.
 * @param text the record's JSON, kept byte for byte if nothing is converted; null for a row of a table
 * @returns the lines, and the fields that were left out
 */
export function convert(
  record: unknown,
  mapping: Mapping,
  text: string | null = null,
): { line: string; left: string[] } | Refused {
  const reader = new Reader({ mapping })
  const [outcome] = [...reader.add(record, text, 1), ...reader.finish()]
  if (!outcome) return { problem: 'no-messages', values: {} }
  if ('problem' in outcome) return { problem: outcome.problem, values: outcome.values }
  return { line: lineText(outcome.lines[0] as Line), left: reader.report().left.map(({ path }) => path) }
}
