import 'server-only'
import { sql } from 'kysely'
import { inTransaction, studio } from '#lib/db/studio.ts'

/** Deletes an evaluation with its rows and cells. */
const deleteEval = (id: string): Promise<void> =>
  inTransaction(async (db) => {
    await db.deleteFrom('eval_fixes').where('eval_id', '=', id).execute()
    await db.deleteFrom('evals').where('id', '=', id).execute()
  })

/** Deletes answers of deleted evaluations, except those that a cell of another one uses. */
async function deleteLeftAnswers(): Promise<void> {
  const used = studio().selectFrom('eval_cells').select('answer_id').where('answer_id', 'is not', null)
  await studio()
    .deleteFrom('eval_answers')
    .where('eval_id', 'not in', studio().selectFrom('evals').select('id'))
    .where('id', 'not in', used)
    .execute()
}

/**
 * Deletes all evaluations of a dataset for good: the freed pages are overwritten with zeros.
 * @returns the jobs whose models they asked
 */
export async function deleteEvalsOf(datasetId: string): Promise<string[]> {
  const evals = await studio()
    .selectFrom('evals')
    .select(['id', 'job_id'])
    .where('dataset_id', '=', datasetId)
    .execute()
  await sql`pragma secure_delete = on`.execute(studio())
  try {
    for (const { id } of evals) await deleteEval(id)
    await deleteLeftAnswers()
    await studio().deleteFrom('eval_fixes').where('dataset_id', '=', datasetId).execute()
  } finally {
    await sql`pragma secure_delete = off`.execute(studio())
  }
  return [...new Set(evals.flatMap(({ job_id }) => job_id ?? []))]
}
