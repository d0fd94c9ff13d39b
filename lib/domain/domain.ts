import { elementSymbol, symbolIn } from '#lib/demo/elements.ts'
import { verseOf } from '#lib/demo/limerick-lines.ts'
import { EXAMPLE, SAMPLES } from '#lib/demo/samples.ts'

/** A shipped dataset: a file of `public/samples`. */
export interface Sample {
  /** Kept with the dataset: a key never changes. */
  key: string
  name: string
  file: string
  /** Rows to train on; the rest is held out. null: all of them. */
  trainRows: number | null
}

/** What code examples train and ask. */
interface CodeExample {
  /** A file of `public/samples`. */
  file: string
  /** What its rows are, in a comment: "the first ten of the shipped …". */
  rows: string
  suffix: string
  system: string
  question: string
}

/** What is known of one subject, beyond what holds for any data. */
interface Domain {
  /** One or two letters for a row, by its question; null: the row has no label. */
  rowLabel: (question: string) => string | null
  /** One or two letters for job n; null: its number is its label. */
  jobLabel: (number: number) => string | null
  /** Shipped datasets; the first is the one that a new user is led to. */
  samples: readonly [Sample, ...Sample[]]
  example: CodeExample
  /**
   * The lines of an answer that is shown line by line; null: it is shown as it is.
   * @param ended whether the text is whole
   */
  linesOf: (text: string, ended: boolean) => string[] | null
  /**
   * Kinds of graders without settings, the plainest first: a dataset is graded by those that its own answers pass, up
   * to the first that they fail. lib/domain/judges.ts has their functions.
   */
  graders: readonly string[]
  /** The grader of an answer that is shown line by line. */
  linesGrader: { kind: string }
}

/** The subject of this studio: everything outside this room knows it only by the names above. */
export const domain = {
  rowLabel: symbolIn,
  jobLabel: elementSymbol,
  samples: SAMPLES,
  example: EXAMPLE,
  linesOf: verseOf,
  graders: ['limerick', 'elementFact'],
  linesGrader: { kind: 'limerick' },
} as const satisfies Domain

export type DomainGrader = (typeof domain.graders)[number]

/** Key of the sample that a new user is led to. */
export const FIRST_SAMPLE: string = domain.samples[0].key
