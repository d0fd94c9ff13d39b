import { z } from 'zod'
import { encodings } from './encoding.ts'

const Column = z.string().min(1).max(1_000)

/** How one record of a file becomes one line: which shape it has, and for plain columns which is which. */
export const Mapping = z.discriminatedUnion('shape', [
  /** The record is a training line already. */
  z.object({ shape: z.literal('lines') }),
  z.object({ shape: z.literal('prompt-completion') }),
  /** `instruction`, `input`, `output`, and the earlier turns in `history` as pairs. */
  z.object({ shape: z.literal('alpaca') }),
  /** `conversations` of `from` and `value`. */
  z.object({ shape: z.literal('sharegpt') }),
  z.object({
    shape: z.literal('columns'),
    /** The column that holds the system prompt; where there is none, or its cell is empty, `systemText` stands. */
    system: Column.nullable().default(null),
    systemText: z.string().max(100_000).nullable().default(null),
    user: Column,
    assistant: Column,
    /** The worse answer; with it every record becomes a preference pair. */
    rejected: Column.nullable().default(null),
    /** 0 where the answer is not learnt, else 1. */
    weight: Column.nullable().default(null),
  }),
])
export type Mapping = z.infer<typeof Mapping>

/** How to read a file, and what to make of its records. */
export const ImportPlan = z.object({
  container: z.enum(['jsonl', 'json', 'csv']),
  /** Of CSV: one of the signs that separate cells. Default a comma. */
  delimiter: z.enum([',', ';', '\t', '|']).optional(),
  /** How the text is encoded; without it a byte order mark tells. The file itself is kept as UTF-8. */
  encoding: z.enum(encodings).optional(),
  mapping: Mapping,
})
export type ImportPlan = z.infer<typeof ImportPlan>

/** Why a record cannot become a line; the words are in the catalogue. */
export type ImportProblem =
  | 'too-big'
  | 'not-utf8'
  | 'not-json'
  | 'too-deep'
  | 'not-object'
  | 'duplicate-key'
  | 'lone-surrogate'
  | 'unfinished'
  | 'csv-quote'
  | 'csv-unclosed'
  | 'csv-cells'
  | 'csv-heading'
  | 'csv-swallowed'
  | 'nearly-json'
  | 'unread'
  | 'no-messages'
  | 'no-turns'
  | 'bad-turn'
  | 'missing-column'
  | 'empty-cell'
  | 'not-text'
  | 'bad-weight'

/** The facts that a problem's sentence needs. */
export interface Refused {
  problem: ImportProblem
  values: Record<string, string | number>
}
