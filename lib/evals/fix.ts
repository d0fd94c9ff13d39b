import { AppError } from '#lib/core/errors.ts'
import { newId } from '#lib/core/ids.ts'
import { rowLines } from '#lib/datasets/bytes.ts'
import { addRow, updateRow } from '#lib/datasets/edit-row.ts'
import type { RowRecord } from '#lib/datasets/revision-rows-store.ts'
import { rowNow } from '#lib/datasets/revision-rows-store.ts'
import type { SavedRow } from '#lib/datasets/schema.ts'
import { datasetName } from '#lib/datasets/store.ts'
import { newestVersions } from '#lib/datasets/versions-store.ts'
import type { Messages } from '#lib/playground/messages.ts'
import { newLine, readTurns, setKey, writeTurns } from '#lib/training-data/edit.ts'
import { textOf } from '#lib/training-data/schema.ts'
import { fixesSince, insertFix, lastFix } from './fix-store.ts'
import { type EvalRowRecord, rowWithKey } from './row-store.ts'
import { type Fix, FixDraft, type Fixes } from './schema.ts'
import { type EvalRecord, findEval } from './store.ts'

async function lineOf(row: RowRecord): Promise<string> {
  for await (const { line } of rowLines([row])) if (line.text !== null) return line.text
  throw new AppError('invalid', 'evals.rowNotText', { param: 'rowKey' })
}

/** The line with another last answer; everything else keeps its text. */
function answered(line: string, answer: string): string {
  const turns = readTurns(line)
  const last = turns?.at(-1)
  if (!turns || last?.value.role !== 'assistant')
    throw new AppError('invalid', 'evals.rowWithoutAnswer', { param: 'rowKey' })
  return writeTurns(line, [...turns.slice(0, -1).map(({ raw }) => raw), setKey(last.raw, 'content', answer)])
}

function newExample({ messages_json }: EvalRowRecord, answer: string): string {
  const turns = (JSON.parse(messages_json) as Messages).map(({ role, content }) => ({
    role,
    content: typeof content === 'string' ? content : textOf(content as Parameters<typeof textOf>[0]),
  }))
  return newLine([...turns, { role: 'assistant', content: answer }])
}

async function rewrite(datasetId: string, row: RowRecord, answer: string): Promise<SavedRow> {
  return updateRow(datasetId, row.key, {
    revision: row.since,
    line: answered(await lineOf(row), answer),
  })
}

const gone = () =>
  new AppError('conflict', 'evals.rowGone', {
    param: 'rowKey',
  })

/** A training row is corrected itself; a held-out one stays, and a new training row gets its prompt. */
async function write(record: EvalRecord, row: EvalRowRecord, answer: string): Promise<SavedRow> {
  const datasetId = record.dataset_id
  const now = await rowNow(datasetId, row.key)
  if (now?.split === 'train') return rewrite(datasetId, now, answer)
  if (record.split === 'train') throw gone()
  const earlier = await lastFix(datasetId, row.key)
  const written = earlier && (await rowNow(datasetId, earlier.written_key))
  if (written?.split === 'train') return rewrite(datasetId, written, answer)
  const line = now ? answered(await lineOf(now), answer) : newExample(row, answer)
  return addRow(datasetId, { line, split: 'train' })
}

/**
 * Adds a corrected answer to the training data: one step of the dataset, which can be undone. From the next version on
 * the held-out row is left out of evaluations of models that were trained on its prompt.
 * @throws AppError not_found; invalid for a row that was not asked; conflict when the row is gone or is being changed
 */
export async function fixRow(evalId: string, draft: FixDraft): Promise<Fix> {
  const { rowKey, answer, reason } = FixDraft.parse(draft)
  const record = await findEval(evalId)
  const row = await rowWithKey(evalId, rowKey)
  if (!row) throw new AppError('not_found', 'evals.noRow', { param: 'rowKey' })
  if (row.excluded !== null)
    throw new AppError('invalid', 'evals.rowNotAsked', {
      param: 'rowKey',
    })
  const { id: writtenKey, revision } = await write(record, row, answer)
  await insertFix({
    id: newId('fix_'),
    eval_id: evalId,
    dataset_id: record.dataset_id,
    row_key: rowKey,
    written_key: writtenKey,
    answer,
    reason,
    revision,
    created_at: Date.now(),
  })
  return { rowKey, writtenKey, revision, fixes: await fixesOf(record.dataset_id) }
}

/** Number of fixes since a dataset's newest version, without those that were undone. */
export async function fixesOf(datasetId: string): Promise<Fixes> {
  const version = (await newestVersions()).get(datasetId)
  return {
    datasetId,
    datasetName: (await datasetName(datasetId)) ?? '',
    version: version?.number ?? null,
    next: (version?.number ?? 0) + 1,
    fixes: await fixesSince(datasetId, version?.revision ?? 0),
  }
}
