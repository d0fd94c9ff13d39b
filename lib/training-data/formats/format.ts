import { isRecord } from '../is-record.ts'
import type { Fields, Named } from './fields.ts'
import type { MappingOf, Note, Refused, Shape } from './plan.ts'
import type { Writer } from './write.ts'

/** A training line: its JSON text if unchanged, else the object to write. */
export type Line = string | Named

/** Result of reading records: their lines, or why there are none. */
export type Outcome = {
  /** First line of each record in the file. */
  from: number[]
  /** Notes on all of them together. */
  notes?: readonly Note[]
} & ({ lines: Line[] } | Refused)

/** Combines several records into lines. Holds incomplete ones. */
export interface Gatherer {
  add: (fields: Fields, line: number) => Outcome[]
  finish: () => Outcome[]
}

/** How to recognize and read one shape. Its displayed name is in the catalogue, `imports.shape`. */
export interface Format<Kind extends Shape> {
  /** Share of the first records with this shape, from 0 to 1. */
  score: (records: readonly Named[]) => number
  /** The mapping for the first records. */
  mapping: (records: readonly Named[]) => MappingOf<Kind>
  /**
   * One record as lines. Takes every field that it uses.
   * @param text the record's JSON; null for a row of a table
   */
  read?: (fields: Fields, mapping: MappingOf<Kind>, text: string | null) => Line[]
  /** Instead of `read`, if several records make one line. */
  gather?: (mapping: MappingOf<Kind>) => Gatherer
  /** Writes a training line as a record of this format. */
  write?: Writer
}

export const share = (records: readonly Named[], looks: (record: Named) => boolean): number =>
  records.length === 0 ? 0 : records.filter(looks).length / records.length

export const has =
  (...keys: string[]) =>
  (record: Named): boolean =>
    keys.every((key) => Object.hasOwn(record, key))

/** A mapping without settings. */
export const plain =
  <Kind extends Shape>(shape: Kind) =>
  (): MappingOf<Kind> =>
    ({ shape }) as MappingOf<Kind>

export const isList = (value: unknown): value is unknown[] => Array.isArray(value)
export const isObjectList = (value: unknown): value is Named[] =>
  Array.isArray(value) && value.length > 0 && value.every(isRecord)
