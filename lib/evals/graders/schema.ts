import { z } from 'zod'
import { Facts } from '#lib/core/facts.ts'
import { domain } from '#lib/domain/domain.ts'
import { issue } from '#lib/i18n/issue-words.ts'

/** zod keeps every limit: a second `max` cannot raise the first. */
const text = (most: number) => z.string().min(1, issue('evals.textMissing')).max(most)

/** Graders without any model: the same answer always gets the same score. */
export const Grader = z.discriminatedUnion('kind', [
  /** The expected answer, letter for letter; `loose` ignores case and white space. */
  z.object({ kind: z.literal('exact'), loose: z.boolean().default(true) }),
  /** Contains a text; by default the expected answer. */
  z.object({
    kind: z.literal('contains'),
    text: text(10_000).nullable().default(null),
    loose: z.boolean().default(true),
    /** As words: "Au" is in "It is Au.", not in "August". */
    wholeWords: z.boolean().default(false),
  }),
  /** Matches a regular expression anywhere, in RE2's syntax. */
  z.object({ kind: z.literal('regex'), pattern: text(1_000), loose: z.boolean().default(false) }),
  /** Is JSON that a schema accepts (draft 2020-12). */
  z.object({ kind: z.literal('jsonSchema'), schema: text(100_000) }),
  /** Length in characters, both limits included. */
  z
    .object({
      kind: z.literal('length'),
      least: z.number().int().min(0).default(0),
      most: z.number().int().min(0).max(1_000_000),
    })
    .refine(({ least, most }) => least <= most, issue('evals.lengthsCrossed')),
  /** Similarity to the expected answer, 0 to 1; passed from `pass` on. */
  z.object({ kind: z.literal('similarity'), pass: z.number().min(0).max(1).default(0.5) }),
  /** Graders of the domain. */
  z.object({ kind: z.enum(domain.graders) }),
])
export type Grader = z.infer<typeof Grader>

/** One grader's result for one answer. When the grader failed or took too long, `score` and `passed` are null. */
export const Grade = z.object({
  /** 0 to 1. */
  score: z.number().nullable(),
  /** null counts neither as passed nor as failed. */
  passed: z.boolean().nullable(),
  /** What was found, in numbers and words of the answer; the page words it. */
  detail: Facts,
})
export type Grade = z.infer<typeof Grade>

/** Why there is no grade: the grader took too long, threw, its process died, or that happened too often in a row. */
type GradeFault = 'late' | 'threw' | 'died' | 'skipped'

/** @param words of the error */
export const notGraded = (fault: GradeFault, words = ''): Grade => ({
  score: null,
  passed: null,
  detail: { fault, words: words.slice(0, 300) },
})
