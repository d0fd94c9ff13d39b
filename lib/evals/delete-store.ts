import { QUIZ } from './constants.ts'
import 'server-only'
import { sql } from 'kysely'
import { type Db, inTransaction, studio } from '#lib/db/studio.ts'
import type { PinnedColumn } from './plan.ts'
import { updateEval } from './store.ts'

/** Deletes an evaluation with its rows and cells. */
async function deleteEval(id: string, db: Db): Promise<void> {
  await db.deleteFrom('eval_fixes').where('eval_id', '=', id).execute()
  await db.deleteFrom('evals').where('id', '=', id).execute()
}

/** Deletes answers of deleted evaluations, except those that a cell of another one uses. */
async function deleteLeftAnswers(): Promise<void> {
  const used = studio().selectFrom('eval_cells').select('answer_id').where('answer_id', 'is not', null)
  await studio()
    .deleteFrom('eval_answers')
    .where('eval_id', 'not in', studio().selectFrom('evals').select('id'))
    .where('id', 'not in', used)
    .execute()
}

/** Deletes for good: the freed pages are overwritten with zeros. */
async function erasing(work: () => Promise<void>): Promise<void> {
  await sql`pragma secure_delete = on`.execute(studio())
  try {
    await work()
  } finally {
    await sql`pragma secure_delete = off`.execute(studio())
  }
}

/** Deletes evaluations for good, with the answers that no other one uses. */
export const eraseEvals = (ids: readonly string[]): Promise<void> =>
  erasing(async () => {
    for (const id of ids) await inTransaction((db) => deleteEval(id, db))
    await deleteLeftAnswers()
  })

/**
 * Deletes all evaluations of a dataset for good.
 * @returns the jobs whose models they asked
 */
export async function deleteEvalsOf(datasetId: string): Promise<string[]> {
  const evals = await studio()
    .selectFrom('evals')
    .select(['id', 'job_id'])
    .where('dataset_id', '=', datasetId)
    .execute()
  await eraseEvals(evals.map(({ id }) => id))
  await erasing(async () => {
    await studio().deleteFrom('eval_fixes').where('dataset_id', '=', datasetId).execute()
  })
  return [...new Set(evals.flatMap(({ job_id }) => job_id ?? []))]
}

const columnsIn = ({ columns_json }: { columns_json: string }): PinnedColumn[] => JSON.parse(columns_json)

/** Evaluations that may still ask one of these models of a provider. */
export async function openEvalsOf(providerId: string, models: readonly string[]): Promise<string[]> {
  const open = await studio()
    .selectFrom('evals')
    .select(['id', 'columns_json'])
    .where('state', 'in', ['running', 'paused'])
    .execute()
  const asks = (column: PinnedColumn) => column.providerId === providerId && models.includes(column.model)
  return open.filter((record) => columnsIn(record).some(asks)).map(({ id }) => id)
}

/** Evaluations keep their answers and scores without a link to a job; its quiz, which only its page shows, is deleted. */
export async function forgetJob(jobId: string, db: Db): Promise<void> {
  await db.deleteFrom('eval_sweeps').where('job_id', '=', jobId).execute()
  const linked = await db
    .selectFrom('evals')
    .select(['id', 'dataset_id', 'columns_json'])
    .where((eb) => eb.or([eb('job_id', '=', jobId), eb('columns_json', 'like', `%"jobId":"${jobId}"%`)]))
    .execute()
  for (const record of linked) {
    if (record.dataset_id === QUIZ) await deleteEval(record.id, db)
    else await updateEval(record.id, unlinked(record, jobId), db)
  }
}

const unlinked = (record: { columns_json: string }, jobId: string) => ({
  job_id: sql<string | null>`nullif(job_id, ${jobId})`,
  columns_json: JSON.stringify(
    columnsIn(record).map((column) => (column.jobId === jobId ? { ...column, jobId: null } : column)),
  ),
})
