import { isRecord } from '../rules/rule.ts'
import type { Fields, Named } from './fields.ts'
import type { MappingOf, Note, Refused, Shape } from './plan.ts'
import type { Writer } from './write.ts'

/** A training line: its JSON text where it stays as it came, else what to write. */
export type Line = string | Named

/** What became of records: the lines that they make, or why there are none. */
export type Outcome = {
  /** Lines of the file that the records begin on. */
  from: number[]
  /** What was done to them as a whole. */
  notes?: readonly Note[]
} & ({ lines: Line[] } | Refused)

/** Puts together what several records say. Holds what is not complete yet. */
export interface Gatherer {
  add: (fields: Fields, line: number) => Outcome[]
  finish: () => Outcome[]
}

/** How one shape is recognised and read. Its name for people is in the catalogue, `imports.shape`. */
export interface Format<Kind extends Shape> {
  /** How surely the first records are of this shape: 0 not at all, 1 all of them. */
  score: (records: readonly Named[]) => number
  /** The mapping, as far as the first records tell. */
  mapping: (records: readonly Named[]) => MappingOf<Kind>
  /**
   * One record as lines. Every field that it uses, it takes.
   * @param text the record's own JSON; null for the row of a table
   */
  read?: (fields: Fields, mapping: MappingOf<Kind>, text: string | null) => Line[]
  /** Instead of `read`, where several records make one line. */
  gather?: (mapping: MappingOf<Kind>) => Gatherer
  /** A training line as a record of this format. */
  write?: Writer
}

export const share = (records: readonly Named[], looks: (record: Named) => boolean): number =>
  records.length === 0 ? 0 : records.filter(looks).length / records.length

export const has =
  (...keys: string[]) =>
  (record: Named): boolean =>
    keys.every((key) => Object.hasOwn(record, key))

/** A mapping of a shape that needs nothing said about it. */
export const plain =
  <Kind extends Shape>(shape: Kind) =>
  (): MappingOf<Kind> =>
    ({ shape }) as MappingOf<Kind>

export const isList = (value: unknown): value is unknown[] => Array.isArray(value)
export const isObjectList = (value: unknown): value is Named[] =>
  Array.isArray(value) && value.length > 0 && value.every(isRecord)
