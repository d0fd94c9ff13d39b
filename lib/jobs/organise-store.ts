import { HIDDEN } from './status.ts'
import 'server-only'
import { type Db, studio } from '#lib/db/studio.ts'

export async function addTags(jobId: string, tags: readonly string[], db: Db): Promise<void> {
  if (tags.length === 0) return
  await db
    .insertInto('job_tags')
    .values(tags.map((tag) => ({ job_id: jobId, tag })))
    .onConflict((conflict) => conflict.columns(['job_id', 'tag']).doNothing())
    .execute()
}

export async function removeTags(jobId: string, tags: readonly string[], db: Db): Promise<void> {
  if (tags.length === 0) return
  await db.deleteFrom('job_tags').where('job_id', '=', jobId).where('tag', 'in', tags).execute()
}

export async function tagsOf(jobId: string, db: Db): Promise<string[]> {
  const found = await db.selectFrom('job_tags').select('tag').where('job_id', '=', jobId).execute()
  return found.map(({ tag }) => tag)
}

/** How many jobs have each tag, the archived or the others. */
export const tagCounts = (archived: boolean, db: Db = studio()) =>
  db
    .selectFrom('job_tags')
    .innerJoin('jobs', 'jobs.id', 'job_tags.job_id')
    .select(({ fn }) => ['job_tags.tag', fn.countAll<number>().as('count')])
    .where('jobs.launch', 'not in', HIDDEN)
    .where('jobs.archived_at', archived ? 'is not' : 'is', null)
    .groupBy('job_tags.tag')
    .orderBy('job_tags.tag')
    .execute()
