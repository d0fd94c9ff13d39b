import { type Role, textOf } from '#lib/training-data/schema.ts'
import { checkLine } from '#lib/training-data/validate.ts'
import { rowLines } from './bytes.ts'
import { rowsOf } from './revision-rows-store.ts'
import type { Split } from './schema.ts'
import { findDataset } from './store.ts'

/** Rows looked at before giving up: a dataset whose first hundred rows have no such turn has none in practice. */
const LOOKED_AT = 100

async function firstWords(datasetId: string, split: Split, roles: readonly Role[]): Promise<string | null> {
  const rows = await rowsOf(await findDataset(datasetId), { split, limit: LOOKED_AT })
  for await (const { line } of rowLines(rows)) {
    const { example } = checkLine(line)
    const turn = example?.messages.find(({ role }) => roles.includes(role))
    if (turn) return textOf(turn.content)
  }
  return null
}

/**
 * What the model is told before every question in training; asking it otherwise asks another model.
 * @throws AppError not_found
 */
export const trainingSystemPrompt = (datasetId: string): Promise<string | null> =>
  firstWords(datasetId, 'train', ['system', 'developer'])

/**
 * The first question that was kept back from training.
 * @throws AppError not_found
 */
export const heldOutQuestion = (datasetId: string): Promise<string | null> =>
  firstWords(datasetId, 'heldout', ['user'])
