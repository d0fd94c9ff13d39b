import { APIError } from 'openai'
import { AppError } from '#lib/core/errors.ts'
import { memoize } from '#lib/core/memoize.ts'
import { rowLines } from './bytes.ts'
import { spreadRows } from './estimate-store.ts'
import { readByEngine } from './tokens.ts'

/** Most rows whose tokens are counted with both encodings. */
const SAMPLE = 16

/** Tokens of a model of the built-in engine per token of OpenAI's encoding. */
export interface TokenScale {
  /** Of all that an epoch reads: of a preference pair, the prompt twice. */
  read: number
  /** Of the longest conversation of a row. */
  sequence: number
}

const known = memoize<TokenScale | null>(100)

/** Of each conversation; none for a row that the model cannot read: the others still count. */
async function lengthsOf(line: string, model: string): Promise<number[]> {
  try {
    return (await readByEngine(line, model)).map(({ tokens }) => tokens)
  } catch (thrown) {
    if (thrown instanceof APIError || thrown instanceof AppError) return []
    throw thrown
  }
}

async function measure(dataset: { id: string; revision: number }, model: string) {
  const rows = await spreadRows(dataset, SAMPLE)
  const sums = { read: 0, sequence: 0, openai: 0 }
  for await (const { row, line } of rowLines(rows)) {
    const lengths = line.text === null ? [] : await lengthsOf(line.text, model)
    if (lengths.length === 0) continue
    sums.read += lengths.reduce((sum, length) => sum + length, 0)
    sums.sequence += Math.max(...lengths)
    sums.openai += Number(row.tokens)
  }
  const { read, sequence, openai } = sums
  return openai === 0 ? null : { read: read / openai, sequence: sequence / openai }
}

/**
 * Measured on a sample of these rows: a small
 * vocabulary splits words into more tokens. null when there is nothing to count.
 */
export const tokenScale = (dataset: { id: string; revision: number }, model: string) =>
  known(`${dataset.id} ${dataset.revision} ${model}`, () => measure(dataset, model))
