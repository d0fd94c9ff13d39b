import { AppError } from '#lib/core/errors.ts'
import type { ImportPlan } from '#lib/training-data/formats/plan.ts'
import { blobPath, keepBlob } from '../blobs.ts'
import { type LeftOut, Reading } from '../reading.ts'
import { openFile } from '../records.ts'
import type { Context } from './context.ts'

/** Characters joined into one write. */
const BLOCK = 64 * 1024

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

export interface Converted extends LeftOut {
  sha256: string
  /** Split of the rows, where the file has lists per split. */
  sides: { trainRows: number } | null
}

/**
 * Converts the records of a file to lines of a new file. With lists for both splits, training lines come first.
 * @returns the new blob, records that could not become rows, and what was left out
 * @throws AppError invalid when no record became a row
 */
export async function convertFile(
  sha256: string,
  plan: ImportPlan,
  { yieldToEventLoop }: Context,
): Promise<Converted> {
  const reading = new Reading(plan)
  let trainRows = 0
  const lines = async function* () {
    for await (const { text, side } of reading.lines(() => openFile(blobPath(sha256)), yieldToEventLoop)) {
      if (side === 'train') trainRows++
      yield `${text}\n`
    }
    expectRows(reading)
  }
  const blob = await keepBlob(blocks(lines()))
  return { sha256: blob.sha256, sides: plan.lists ? { trainRows } : null, ...reading.leftOut() }
}

function expectRows({ made, refusedCount }: Reading): void {
  if (made > 0) return
  throw new AppError('invalid', 'datasets.noRowsInFile', {
    facts: { records: refusedCount },
  })
}
