import { AppError } from '#lib/errors.ts'
import { convert } from '#lib/examples/formats/convert.ts'
import type { ImportPlan } from '#lib/examples/formats/plan.ts'
import { blobPath, keepBlob } from '../blobs.ts'
import { readRecords } from '../records.ts'
import type { Refusal } from '../schema.ts'
import type { Context } from './context.ts'

/** Text that is gathered before it goes to the disk, in characters. */
const BLOCK = 64 * 1024
/** Refusals told with their place; the rest is counted. */
const TOLD = 100

/** Records that could not become rows. */
export interface Refused {
  refused: Refusal[]
  refusedCount: number
  /** Records that came in although they may not be what was meant. */
  doubted: Refusal[]
  doubtedCount: number
  /** Whether the file was read to its end. */
  complete: boolean
}

export const allRead = (): Refused => ({
  refused: [],
  refusedCount: 0,
  doubted: [],
  doubtedCount: 0,
  complete: true,
})

/** Problems of a file that ends before its last record does, or that nobody could read to its end. */
const INCOMPLETE: ReadonlySet<string> = new Set(['unfinished', 'unread', 'csv-unclosed'])

function refuse(told: Refused, refusal: Refusal): void {
  told.refusedCount++
  if (told.refused.length < TOLD) told.refused.push(refusal)
  if (INCOMPLETE.has(refusal.problem)) told.complete = false
}

function doubt(told: Refused, refusal: Refusal): void {
  told.doubtedCount++
  if (told.doubted.length < TOLD) told.doubted.push(refusal)
}

/** Whether the file's own lines are the rows, byte for byte. */
export const isPlain = (plan: ImportPlan | null): boolean =>
  plan === null || (plan.container === 'jsonl' && plan.mapping.shape === 'lines')

async function* lines(
  file: string,
  plan: ImportPlan,
  { signal, breathe }: Context,
  told: Refused,
): AsyncGenerator<string> {
  for await (const record of readRecords(file, plan, signal)) {
    const made = 'value' in record ? convert(record.value, plan.mapping, record.text) : record
    if ('problem' in made) refuse(told, { line: record.line, problem: made.problem, values: made.values })
    else {
      if ('value' in record && record.doubt) doubt(told, { line: record.line, ...record.doubt })
      yield `${made.line}\n`
    }
    await breathe()
  }
}

async function* blocks(source: AsyncIterable<string>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  let text = ''
  for await (const line of source) {
    text += line
    if (text.length < BLOCK) continue
    yield encoder.encode(text)
    text = ''
  }
  if (text) yield encoder.encode(text)
}

/**
 * Writes the records of a file as lines of a new one.
 * @returns the new blob, and what could not become a row
 * @throws AppError invalid when no record could
 */
export async function convertFile(
  sha256: string,
  plan: ImportPlan,
  context: Context,
): Promise<Refused & { sha256: string }> {
  const told = allRead()
  let made = 0
  const counted = async function* () {
    for await (const line of lines(blobPath(sha256), plan, context, told)) {
      made++
      yield line
    }
    if (made === 0) {
      throw new AppError('invalid', 'No record of the file became a row. Look at how its columns are read.', {
        facts: { records: told.refusedCount },
      })
    }
  }
  const blob = await keepBlob(blocks(counted()))
  return { sha256: blob.sha256, ...told }
}
