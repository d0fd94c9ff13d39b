import { AppError } from '#lib/core/errors.ts'
import { isBlank, textLines } from '#lib/training-data/jsonl.ts'
import { lineBlocks } from '../line-blocks.ts'
import { encodeConversation, type Sample } from '../model/conversation.ts'
import type { Tokenizer } from '../model/tokenizer.ts'
import { trainingTurns } from '../model/training-turns.ts'

interface Reading {
  tokenizer: Tokenizer
  /** In tokens. */
  context: number
  /** Today's date for the chat template. */
  date: Date
}

/**
 * All rows of a training file as samples, usually one per row; blank lines are not rows.
 * @throws AppError `invalid` that names the row (from 1), for a row that the model cannot train on
 */
export async function readSamples(file: string, reading: Reading): Promise<Sample[][]> {
  const samples: Sample[][] = []
  for await (const { bytes, line: first } of lineBlocks(file))
    for (const { text } of textLines(bytes, first))
      if (!isBlank(text)) samples.push(readRow(text ?? '', samples.length + 1, reading))
  return samples
}

function readRow(row: string, number: number, { tokenizer, context, date }: Reading): Sample[] {
  try {
    return encodeConversation(tokenizer, trainingTurns(JSON.parse(row)), date, context)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new AppError('invalid', { message: `Example ${number} cannot be learned: ${reason}` }, { cause })
  }
}
