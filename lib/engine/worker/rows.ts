import { AppError } from '#lib/core/errors.ts'
import { isBlank, textLines } from '#lib/training-data/jsonl.ts'
import { lineBlocks } from '../line-blocks.ts'
import { encodeConversation, type Sample } from '../model/chat-template.ts'
import type { Tokenizer } from '../model/tokenizer.ts'
import { trainingTurns } from '../model/training-turns.ts'

/**
 * Every row of a training file as the model reads it; blank lines are not rows.
 * @throws AppError `invalid`, naming the row (from 1), for a row the model cannot learn
 */
export async function readSamples(file: string, tokenizer: Tokenizer, context: number): Promise<Sample[]> {
  const samples: Sample[] = []
  for await (const { bytes, line: first } of lineBlocks(file))
    for (const { text } of textLines(bytes, first))
      if (!isBlank(text)) samples.push(readSample(text ?? '', samples.length + 1, tokenizer, context))
  return samples
}

function readSample(row: string, number: number, tokenizer: Tokenizer, context: number): Sample {
  try {
    return encodeConversation(tokenizer, trainingTurns(JSON.parse(row)), context)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new AppError('invalid', { message: `Example ${number} cannot be learned: ${reason}` }, { cause })
  }
}
