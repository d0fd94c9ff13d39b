import { APIError } from 'openai'
import { AppError } from '#lib/core/errors.ts'
import { memoize } from '#lib/core/memoize.ts'
import { rowLines } from './bytes.ts'
import { spreadRows } from './estimate-store.ts'
import { viewTokens } from './tokens.ts'

/** Most rows whose tokens are counted with both encodings. */
const SAMPLE = 16

const known = memoize<number | null>(100)

/** null for a row that the model cannot read; the others still count. */
async function lengthOf(line: string, model: string): Promise<number | null> {
  try {
    return (await viewTokens({ line, base: { providerId: 'embedded', model } }))?.total ?? null
  } catch (thrown) {
    if (thrown instanceof APIError || thrown instanceof AppError) return null
    throw thrown
  }
}

async function measure(dataset: { id: string; revision: number }, model: string) {
  const rows = await spreadRows(dataset, SAMPLE)
  const sums = { own: 0, openai: 0 }
  for await (const { row, line } of rowLines(rows)) {
    const own = line.text === null ? null : await lengthOf(line.text, model)
    if (own === null) continue
    sums.own += own
    sums.openai += Number(row.tokens)
  }
  return sums.openai === 0 ? null : sums.own / sums.openai
}

/**
 * Tokens of a model of the built-in engine per token of OpenAI's encoding, measured on a sample of these rows: a small
 * vocabulary splits words into more tokens. null when there is nothing to count.
 */
export const tokenScale = (dataset: { id: string; revision: number }, model: string) =>
  known(`${dataset.id} ${dataset.revision} ${model}`, () => measure(dataset, model))
