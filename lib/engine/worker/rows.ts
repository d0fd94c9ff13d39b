import { AppError } from '#lib/core/errors.ts'
import { isBlank, textLines } from '#lib/training-data/jsonl.ts'
import { lineBlocks } from '../line-blocks.ts'
import { encodeConversation, type Sample, type TrainingTurn } from '../model/conversation.ts'
import type { Pair } from '../model/preference.ts'
import type { Tokenizer } from '../model/tokenizer.ts'
import { pairTurns, trainingTurns } from '../model/training-turns.ts'

export interface Reading {
  tokenizer: Tokenizer
  /** In tokens. */
  context: number
  /** Today's date for the chat template. */
  date: Date
}

/** Every row of a file as `read` makes it; blank lines are not rows. @throws AppError `invalid` that names the row (from 1) */
async function readRows<Row>(file: string, read: (row: unknown) => Row): Promise<Row[]> {
  const rows: Row[] = []
  for await (const { bytes, line: first } of lineBlocks(file))
    for (const { text } of textLines(bytes, first))
      if (!isBlank(text)) rows.push(readRow(text ?? '', rows.length + 1, read))
  return rows
}

function readRow<Row>(text: string, number: number, read: (row: unknown) => Row): Row {
  try {
    return read(JSON.parse(text))
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new AppError('invalid', { message: `Example ${number} cannot be learned: ${reason}` }, { cause })
  }
}

/**
 * All rows of a training file as samples, usually one per row.
 * @throws AppError `invalid` that names a row that the model cannot train on
 */
export const readSamples = (file: string, { tokenizer, context, date }: Reading): Promise<Sample[][]> =>
  readRows(file, (row) => encodeConversation(tokenizer, trainingTurns(row), date, context))

/** All rows of a file of preference pairs. @throws as `readSamples` */
export const readPairs = (file: string, { tokenizer, context, date }: Reading): Promise<Pair[]> =>
  readRows(file, (row) => {
    // Only the answer has a weight, so each conversation is one sample.
    const sample = (turns: TrainingTurn[]) => encodeConversation(tokenizer, turns, date, context)[0] as Sample
    const { chosen, rejected } = pairTurns(row)
    return { chosen: sample(chosen), rejected: sample(rejected) }
  })
