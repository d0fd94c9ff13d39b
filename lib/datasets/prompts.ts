import { type Role, textOf } from '#lib/training-data/schema.ts'
import { checkLine } from '#lib/training-data/validate.ts'
import { rowLines } from './bytes.ts'
import { type DatasetRevision, rowsOf } from './revision-rows-store.ts'
import type { Split } from './schema.ts'
import { findDataset } from './store.ts'

/** Rows read before giving up: in practice a dataset without such a turn in its first hundred rows has none. */
const LOOKED_AT = 100

async function firstWords(
  dataset: DatasetRevision,
  split: Split,
  roles: readonly Role[],
): Promise<string | null> {
  const rows = await rowsOf(dataset, { split, limit: LOOKED_AT })
  for await (const { line } of rowLines(rows)) {
    const { example } = checkLine(line)
    const turn = example?.messages.find(({ role }) => roles.includes(role))
    if (turn) return textOf(turn.content)
  }
  return null
}

/**
 * The system prompt of the training rows; a fine-tuned model answers differently without it.
 * @param at whose rows; default: the current ones
 * @throws AppError not_found
 */
export const trainingSystemPrompt = async (datasetId: string, at?: DatasetRevision): Promise<string | null> =>
  firstWords(at ?? (await findDataset(datasetId)), 'train', ['system', 'developer'])

/**
 * The first held-out question.
 * @param at whose rows; default: the current ones
 * @throws AppError not_found
 */
export const heldOutQuestion = async (datasetId: string, at?: DatasetRevision): Promise<string | null> =>
  firstWords(at ?? (await findDataset(datasetId)), 'heldout', ['user'])
