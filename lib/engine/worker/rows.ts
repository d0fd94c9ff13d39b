import { AppError } from '#lib/core/errors.ts'
import { isBlank, textLines } from '#lib/training-data/jsonl.ts'
import { lineBlocks } from '../line-blocks.ts'
import { encodeConversation, type Sample } from '../model/conversation.ts'
import type { Tokenizer } from '../model/tokenizer.ts'
import { trainingTurns } from '../model/training-turns.ts'

interface Reading {
  tokenizer: Tokenizer
  /** Tokens. */
  context: number
  /** What a chat template takes for today. */
  date: Date
}

/**
 * Every row of a training file as the model reads it, mostly one sample each; blank lines are not rows.
 * @throws AppError `invalid`, naming the row (from 1), for a row the model cannot learn
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
