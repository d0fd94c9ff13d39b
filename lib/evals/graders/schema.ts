import { z } from 'zod'

const Text = z.string().min(1, 'Write what is looked for.').max(10_000)

/** How an answer is judged, without any model: the same answer gets the same score, always. */
export const Grader = z.discriminatedUnion('kind', [
  /** The expected answer, letter for letter; `loose`: but for case and white space. */
  z.object({ kind: z.literal('exact'), loose: z.boolean().default(true) }),
  /** Holds a text; without one, the expected answer. */
  z.object({
    kind: z.literal('contains'),
    text: Text.nullable().default(null),
    loose: z.boolean().default(true),
  }),
  /** Matches a regular expression anywhere, in RE2's syntax. */
  z.object({ kind: z.literal('regex'), pattern: Text.max(1_000), loose: z.boolean().default(false) }),
  /** Is JSON that a schema accepts (draft 2020-12). */
  z.object({ kind: z.literal('jsonSchema'), schema: Text.max(100_000) }),
  /** Characters, from and to, both included. */
  z
    .object({
      kind: z.literal('length'),
      least: z.number().int().min(0).default(0),
      most: z.number().int().min(0).max(1_000_000),
    })
    .refine(({ least, most }) => least <= most, 'The least length is above the most.'),
  /** How alike it is to the expected answer, 0 to 1; passed from `pass` on. */
  z.object({ kind: z.literal('similarity'), pass: z.number().min(0).max(1).default(0.5) }),
  /** Five parts that rhyme AABBA. */
  z.object({ kind: z.literal('limerick') }),
  /** Says a fact of the chemical element that the question names, and of no other. */
  z.object({ kind: z.literal('elementFact') }),
])
export type Grader = z.infer<typeof Grader>

export interface Grade {
  /** 0 to 1. */
  score: number
  passed: boolean
  /** What was found, in numbers and words of the answer; the page says it in a sentence. */
  detail: Record<string, string | number>
}
