import { AppError } from '#lib/errors.ts'
import { firstError, type Issue } from '#lib/examples/issue.ts'
import { textLines } from '#lib/examples/jsonl.ts'
import { asOpenAI, type OpenAIProblem } from '#lib/examples/openai.ts'
import { FileCheck } from '#lib/examples/validate.ts'
import { blocks } from './blocks.ts'
import { trainingTurns } from './model/training-row.ts'
import type { FailureData } from './wire.ts'

/** Why a job cannot train on its file: OpenAI's words, and the place for whoever wants to go there. */
export interface Refusal {
  problem: OpenAIProblem
  place: NonNullable<FailureData['limerick']> | null
}

type Purpose = 'training' | 'validation'

const refusalOf = (issue: Issue, purpose: Purpose): Refusal => ({
  problem: asOpenAI(issue, purpose),
  place: { rule: issue.rule, line: issue.line, column: issue.column, row: issue.row ?? null },
})

/** What is a valid example to everybody else and still more than a text-only model can learn. */
function beyondUs(example: unknown, line: number, row: number, purpose: Purpose): Refusal | null {
  try {
    trainingTurns(example)
    return null
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown
    const message = `The job failed due to an invalid ${purpose} file. Example ${row}: ${thrown.message}`
    return {
      problem: { code: `invalid_${purpose}_file`, param: `${purpose}_file`, message },
      place: { rule: 'unsupported', line, column: 1, row },
    }
  }
}

/**
 * Checks a file of a job with the rules that the editor runs too, giving way to other work between blocks.
 * @returns how many examples it holds, or why it cannot be used
 */
export async function validateFile(file: string, purpose: Purpose): Promise<{ rows: number } | Refusal> {
  const check = new FileCheck({
    images: 'error',
    method: 'supervised',
    quality: false,
    ...(purpose === 'validation' ? { minimumRows: 1 } : {}),
  })
  let unsupported: Refusal | null = null
  let rows = 0
  for await (const { bytes, line: first } of blocks(file)) {
    for (const line of textLines(bytes, first)) {
      const { example, blank } = check.add(line)
      if (!blank) rows++
      if (example) unsupported ??= beyondUs(example, line.number, rows, purpose)
    }
  }
  const report = check.finish()
  const fault = firstError(report.issues)
  if (fault) return refusalOf(fault, purpose)
  if (report.errors > 0) {
    const message = `The job failed due to an invalid ${purpose} file. It holds ${report.errors} errors among ${report.warnings} warnings.`
    return { problem: { code: `invalid_${purpose}_file`, param: `${purpose}_file`, message }, place: null }
  }
  return unsupported ?? { rows: report.rows }
}
