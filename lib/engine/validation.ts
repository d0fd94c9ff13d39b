import { AppError } from '#lib/core/errors.ts'
import { type Excerpt, excerptAt } from '#lib/training-data/excerpt.ts'
import { firstError, type Issue } from '#lib/training-data/issue.ts'
import { type TextLine, textLines } from '#lib/training-data/jsonl.ts'
import { asOpenAI, type OpenAIProblem } from '#lib/training-data/openai.ts'
import { targets } from '#lib/training-data/targets.ts'
import { type CheckedLine, FileCheck } from '#lib/training-data/validate.ts'
import { cutFinding, type Reading, worstReading } from '#lib/training-data/verdict.ts'
import type { Draft } from './events.ts'
import { lineBlocks } from './line-blocks.ts'
import type { TrainingTurn } from './model/conversation.ts'
import type { Objective } from './model/defaults.ts'
import { pairTurns, trainingTurns } from './model/training-turns.ts'
import type { CutData, FailureData } from './wire.ts'

/** Why a job cannot train on its file: OpenAI's message, and the location of the issue. */
export interface Refusal {
  problem: OpenAIProblem
  place: NonNullable<FailureData['limerick']> | null
}

export type Purpose = 'training' | 'validation'

/** A file of a job. */
interface JobFile {
  purpose: Purpose
  /** Its id. */
  file: string
  objective: Objective
}

/** The model that will be trained on the file. */
export interface Reader {
  /** Maximum tokens per example. */
  context: number
  /** Whether the job has asked for fewer than the model can read. */
  limited?: boolean
  /** Whether the length of the longest row is wanted. */
  wantsLongest?: boolean
  /** How much of a conversation it uses; called only for conversations that may be too long. */
  measure: (turns: TrainingTurn[]) => Promise<Reading>
}

export interface Valid {
  rows: number
  /** What is truncated, if anything. */
  cut: CutData['limerick']['cut'] | null
  /** Tokens that the row with the most bytes has, before it is cut; null if they were not wanted. */
  longest: number | null
}

/** The text around an issue; null where it is about the whole file, or its line has no text. */
async function excerptOf(path: string, { line, column, row }: Issue): Promise<Excerpt | null> {
  if (row === undefined) return null
  for await (const block of lineBlocks(path))
    for (const { number, text } of textLines(block.bytes, block.line))
      if (number === line) return text === null ? null : excerptAt(text, column)
  return null
}

const refusalOf = (issue: Issue, { purpose, file }: JobFile, excerpt: Excerpt | null): Refusal => ({
  problem: asOpenAI(issue, purpose, file),
  place: {
    ...{ rule: issue.rule, line: issue.line, column: issue.column, row: issue.row ?? null },
    values: issue.values,
    ...(excerpt && { excerpt }),
  },
})

/** The conversations that a row trains on: one, or of a pair one with each answer. */
function conversationsOf({ example, pair }: CheckedLine): TrainingTurn[][] {
  if (example) return [trainingTurns(example)]
  if (!pair) return []
  const { chosen, rejected } = pairTurns(pair)
  return [chosen, rejected]
}

/** The same, or the error if a text-only model cannot train on an otherwise valid row. */
function turnsOf(
  checked: CheckedLine,
  line: number,
  row: number,
  purpose: Purpose,
): TrainingTurn[][] | Refusal {
  try {
    return conversationsOf(checked)
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown
    const message = `The job failed due to an invalid ${purpose} file. Example ${row}: ${thrown.message}`
    return {
      problem: { code: `invalid_${purpose}_file`, param: `${purpose}_file`, message },
      place: { rule: 'unsupported', line, column: 1, row },
    }
  }
}

/** Maximum number of examples listed in an event, and in a refusal. */
const NAMED = 100
const REFUSED = 5

type CutExample = CutData['limerick']['cut']['examples'][number]

/** Collects the examples with truncated answers. */
class CutExamples {
  readonly #reader: Reader
  readonly #examples: CutExample[] = []
  #part = 0
  /** The first examples of which nothing is left, and how many there are. */
  readonly #emptied: (Pick<CutExample, 'row' | 'line'> & { tokens: number })[] = []
  #all = 0

  constructor(reader: Reader) {
    this.#reader = reader
  }

  /** @param conversations of a row: of a pair, what counts is the answer that loses more */
  async look(conversations: TrainingTurn[][], { number: line, bytes }: TextLine, row: number): Promise<void> {
    const { context, measure } = this.#reader
    // A token has at least one byte, and JSON framing is longer than template framing: most rows need no tokenizing.
    if (bytes <= context) return
    const readings: Reading[] = []
    for (const turns of conversations) readings.push(await measure(turns))
    const reading = worstReading(readings)
    if (!reading) return
    const [cut] = cutFinding(reading, context)
    if (!cut) return
    const { tokens, trained, left } = reading
    if (left === 0) {
      this.#all++
      if (this.#emptied.length < REFUSED) this.#emptied.push({ row, line, tokens })
      return
    }
    this.#part++
    if (this.#examples.length < NAMED) this.#examples.push({ row, line, lost: trained - left, left })
  }

  /** As in the editor, an example whose answers are all cut off is an error: there is nothing to learn from it. */
  refusal(rows: number, purpose: Purpose): Refusal | null {
    const [first] = this.#emptied
    if (!first) return null
    const { row, line, tokens } = first
    const { context } = this.#reader
    const others = this.#emptied.slice(1).map((example) => example.row)
    const more = this.#all > this.#emptied.length ? ', …' : ''
    const same =
      others.length > 0
        ? ` So it is in ${this.#all} of ${rows} examples (${[row, ...others].join(', ')}${more}).`
        : ''
    const message = `The job failed due to an invalid ${purpose} file. Example ${row} has ${tokens} tokens, of which the model reads ${context}: its whole answer is cut off, and nothing is left to learn.${same} ${this.#reader.limited ? 'Raise limerick.max_length, or shorten the examples.' : 'Shorten the examples, or choose a model with a longer context.'}`
    return {
      problem: { code: `invalid_${purpose}_file`, param: `${purpose}_file`, message },
      place: { rule: 'over-context', line, column: 1, row },
    }
  }

  finish(rows: number, purpose: Purpose): Valid['cut'] {
    if (this.#part === 0) return null
    const { context } = this.#reader
    return { file: `${purpose}_file`, context, rows, part: this.#part, all: 0, examples: this.#examples }
  }
}

/** Of a row's conversations, the longest one. */
async function tokensOf(conversations: TrainingTurn[][], { measure }: Reader): Promise<number> {
  let most = 0
  for (const turns of conversations) most = Math.max(most, (await measure(turns)).tokens)
  return most
}

/**
 * Checks a job's file with the same rules as the editor, yielding to other work between blocks.
 * @returns the number of examples and the truncated ones, or why the file cannot be used
 */
export async function validateFile(path: string, file: JobFile, reader: Reader): Promise<Valid | Refusal> {
  const { purpose, objective } = file
  const check = new FileCheck({
    target: { ...targets.engine, context: reader.context },
    method: objective === 'dpo' ? 'preference' : 'supervised',
    quality: false,
    ...(purpose === 'validation' ? { minimumRows: 1 } : {}),
  })
  const cut = new CutExamples(reader)
  let longest: { bytes: number; turns: TrainingTurn[][] } = { bytes: 0, turns: [] }
  let unsupported: Refusal | null = null
  let rows = 0
  for await (const { bytes, line: first } of lineBlocks(path)) {
    for (const line of textLines(bytes, first)) {
      const checked = check.add(line)
      if (!checked.blank) rows++
      if (unsupported) continue
      const turns = turnsOf(checked, line.number, rows, purpose)
      if ('problem' in turns) unsupported = turns
      else {
        await cut.look(turns, line, rows)
        if (reader.wantsLongest && line.bytes > longest.bytes) longest = { bytes: line.bytes, turns }
      }
    }
  }
  const report = check.finish()
  const fault = firstError(report.issues)
  if (fault) return refusalOf(fault, file, await excerptOf(path, fault))
  if (report.errors > 0) {
    const message = `The job failed due to an invalid ${purpose} file. It holds ${report.errors} errors among ${report.warnings} warnings.`
    return { problem: { code: `invalid_${purpose}_file`, param: `${purpose}_file`, message }, place: null }
  }
  return (
    unsupported ??
    cut.refusal(report.rows, purpose) ?? {
      rows: report.rows,
      cut: cut.finish(report.rows, purpose),
      longest: reader.wantsLongest ? await tokensOf(longest.turns, reader) : null,
    }
  )
}

/** Lists the truncated examples and what is lost; the data lists more of them than the message. */
export function cutDraft(cut: CutData['limerick']['cut']): Draft {
  const { file, context, rows, part, examples } = cut
  const named = examples
    .slice(0, 3)
    .map(({ row, lost }) => `example ${row}: the last ${lost} tokens of the answer`)
  const more = part > named.length ? ', …' : ''
  return {
    topic: `cut:${file}`,
    level: 'warn',
    message: `The model reads ${context} tokens of an example, so that in the ${file.replace('_', ' ')} the end of the answer is cut off in ${part} of ${rows} examples (${named.join(', ')}${more})`,
    data: { limerick: { cut } },
  }
}
