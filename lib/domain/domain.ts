import { elementSymbol, symbolIn } from '#lib/demo/elements.ts'
import { verseOf } from '#lib/demo/limerick-lines.ts'
import { QUIZ } from '#lib/demo/quiz.ts'
import { EXAMPLE, SAMPLES } from '#lib/demo/samples.ts'

/** A dataset shipped as a file in `public/samples`. */
export interface Sample {
  /** Stored with the dataset, so a key never changes. */
  key: string
  name: string
  file: string
  /** Number of training rows; the remaining rows are held out. null: all rows are training rows. */
  trainRows: number | null
  /** Of the rows, where it is not English, the only language of the built-in base. */
  language?: string
}

/** What code examples train on and ask. */
interface CodeExample {
  /** A file in `public/samples`. */
  file: string
  /** Describes the rows, for a code comment: "the first ten of the shipped …". */
  rows: string
  suffix: string
  system: string
  question: string
}

/** Everything specific to one subject. */
interface Domain {
  /** One or two letters for a row, from its question; null: no label. */
  rowLabel: (question: string) => string | null
  /** One or two letters for job n; null: use the job's number. */
  jobLabel: (number: number) => string | null
  /** Shipped datasets; a new user starts with the first. */
  samples: readonly [Sample, ...Sample[]]
  example: CodeExample
  /**
   * The lines of an answer, for display line by line; null: show the answer unchanged.
   * @param ended whether the text is complete
   */
  linesOf: (text: string, ended: boolean) => string[] | null
  /**
   * Kinds of graders without settings, simplest first. A dataset uses the graders that its own answers pass, up to the
   * first that they fail. lib/domain/judges.ts has their functions.
   */
  graders: readonly string[]
  /** The grader for answers shown line by line. */
  linesGrader: { kind: string }
  /** Facts that the shipped base model knows, each with a word of a right answer: what has training made it forget? */
  quiz: readonly { question: string; expected: string }[]
}

/** The subject of this studio. Code outside lib/domain uses only the names above. */
export const domain = {
  rowLabel: symbolIn,
  jobLabel: elementSymbol,
  samples: SAMPLES,
  example: EXAMPLE,
  linesOf: verseOf,
  graders: ['limerick', 'elementFact'],
  linesGrader: { kind: 'limerick' },
  quiz: QUIZ,
} as const satisfies Domain

export type DomainGrader = (typeof domain.graders)[number]

/** Whether a shipped dataset is in a language that the built-in base has not learnt. */
export const isForeignSample = (key: string | null): boolean =>
  (domain.samples as readonly Sample[]).some((sample) => sample.key === key && sample.language !== undefined)

/** Key of the sample that a new user starts with. */
export const FIRST_SAMPLE: string = domain.samples[0].key
