import { AppError } from '#lib/core/errors.ts'
import { firstError, type Issue } from '#lib/training-data/issue.ts'
import { type TextLine, textLines } from '#lib/training-data/jsonl.ts'
import { asOpenAI, type OpenAIProblem } from '#lib/training-data/openai.ts'
import { targets } from '#lib/training-data/targets.ts'
import { FileCheck } from '#lib/training-data/validate.ts'
import { cutFinding, type Reading } from '#lib/training-data/verdict.ts'
import type { Draft } from './events.ts'
import { lineBlocks } from './line-blocks.ts'
import type { TrainingTurn } from './model/conversation.ts'
import { trainingTurns } from './model/training-turns.ts'
import type { CutData, FailureData } from './wire.ts'

/** Why a job cannot train on its file: OpenAI's message, and the location of the issue. */
export interface Refusal {
  problem: OpenAIProblem
  place: NonNullable<FailureData['limerick']> | null
}

type Purpose = 'training' | 'validation'

/** The model that will be trained on the file. */
export interface Reader {
  /** Maximum tokens per example. */
  context: number
  /** How much of a conversation it uses; called only for conversations that may be too long. */
  measure: (turns: TrainingTurn[]) => Promise<Reading>
}

export interface Valid {
  rows: number
  /** What is truncated, if anything. */
  cut: CutData['limerick']['cut'] | null
}

const refusalOf = (issue: Issue, purpose: Purpose): Refusal => ({
  problem: asOpenAI(issue, purpose),
  place: { rule: issue.rule, line: issue.line, column: issue.column, row: issue.row ?? null },
})

/** The turns of an example, or the error if a text-only model cannot train on an otherwise valid one. */
function turnsOf(example: unknown, line: number, row: number, purpose: Purpose): TrainingTurn[] | Refusal {
  try {
    return trainingTurns(example)
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown
    const message = `The job failed due to an invalid ${purpose} file. Example ${row}: ${thrown.message}`
    return {
      problem: { code: `invalid_${purpose}_file`, param: `${purpose}_file`, message },
      place: { rule: 'unsupported', line, column: 1, row },
    }
  }
}

/** Maximum number of examples listed in an event. */
const NAMED = 100

/** Collects the examples with truncated answers. */
class CutExamples {
  readonly #reader: Reader
  readonly #examples: (CutData['limerick']['cut']['examples'][number] & { tokens: number })[] = []
  #part = 0
  #all = 0

  constructor(reader: Reader) {
    this.#reader = reader
  }

  async look(turns: TrainingTurn[], { number: line, bytes }: TextLine, row: number): Promise<void> {
    const { context, measure } = this.#reader
    // A token has at least one byte, and JSON framing is longer than template framing: most rows need no tokenizing.
    if (bytes <= context) return
    const reading = await measure(turns)
    const [cut] = cutFinding(reading, context)
    if (!cut) return
    if (reading.left === 0) this.#all++
    else this.#part++
    const { tokens, trained, left } = reading
    if (this.#examples.length < NAMED) this.#examples.push({ row, line, lost: trained - left, left, tokens })
  }

  /** A file whose answers are all cut off completely has nothing to train on. */
  refusal(rows: number, purpose: Purpose): Refusal | null {
    const [first] = this.#examples
    if (!first || this.#all < rows) return null
    const { row, line, tokens } = first
    const { context } = this.#reader
    const message = `The job failed due to an invalid ${purpose} file. The whole answer is cut off in ${rows} of ${rows} examples: the model reads ${context} tokens of an example, and example ${row} has ${tokens}. Shorten the examples, or choose a model with a longer context.`
    return {
      problem: { code: `invalid_${purpose}_file`, param: `${purpose}_file`, message },
      place: { rule: 'over-context', line, column: 1, row },
    }
  }

  finish(rows: number, purpose: Purpose): Valid['cut'] {
    if (this.#part + this.#all === 0) return null
    const examples = this.#examples.map(({ row, line, lost, left }) => ({ row, line, lost, left }))
    const { context } = this.#reader
    return { file: `${purpose}_file`, context, rows, part: this.#part, all: this.#all, examples }
  }
}

/**
 * Checks a job's file with the same rules as the editor, yielding to other work between blocks.
 * @returns the number of examples and the truncated ones, or why the file cannot be used
 */
export async function validateFile(file: string, purpose: Purpose, reader: Reader): Promise<Valid | Refusal> {
  const check = new FileCheck({
    target: { ...targets.engine, context: reader.context },
    method: 'supervised',
    quality: false,
    ...(purpose === 'validation' ? { minimumRows: 1 } : {}),
  })
  const cut = new CutExamples(reader)
  let unsupported: Refusal | null = null
  let rows = 0
  for await (const { bytes, line: first } of lineBlocks(file)) {
    for (const line of textLines(bytes, first)) {
      const { example, blank } = check.add(line)
      if (!blank) rows++
      if (!example || unsupported) continue
      const turns = turnsOf(example, line.number, rows, purpose)
      if ('problem' in turns) unsupported = turns
      else await cut.look(turns, line, rows)
    }
  }
  const report = check.finish()
  const fault = firstError(report.issues)
  if (fault) return refusalOf(fault, purpose)
  if (report.errors > 0) {
    const message = `The job failed due to an invalid ${purpose} file. It holds ${report.errors} errors among ${report.warnings} warnings.`
    return { problem: { code: `invalid_${purpose}_file`, param: `${purpose}_file`, message }, place: null }
  }
  return (
    unsupported ??
    cut.refusal(report.rows, purpose) ?? { rows: report.rows, cut: cut.finish(report.rows, purpose) }
  )
}

const several = (count: number, of: number): string => `${count} of ${of} examples`

/** Lists the truncated examples and what is lost; the data lists more of them than the message. */
export function cutDraft(cut: CutData['limerick']['cut']): Draft {
  const { file, context, rows, part, all, examples } = cut
  const said = [
    part > 0 ? `the end of the answer is cut off in ${several(part, rows)}` : '',
    all > 0 ? `nothing is left to learn in ${several(all, rows)}` : '',
  ].filter(Boolean)
  const named = examples
    .slice(0, 3)
    .map(({ row, lost, left }) =>
      left === 0
        ? `example ${row}: the whole answer`
        : `example ${row}: the last ${lost} tokens of the answer`,
    )
  const more = part + all > named.length ? ', …' : ''
  return {
    topic: `cut:${file}`,
    level: 'warn',
    message: `The model reads ${context} tokens of an example, so that in the ${file.replace('_', ' ')} ${said.join(' and ')} (${named.join(', ')}${more})`,
    data: { limerick: { cut } },
  }
}
