import { AppError } from '#lib/core/errors.ts'
import { type Db, inTransaction } from '#lib/db/studio.ts'
import { MOST_TAGS } from './constants.ts'
import { addTags, removeTags, tagsOf } from './organise-store.ts'
import type { Job, JobsChange } from './schema.ts'
import { isListed } from './status.ts'
import { findJob, rowsIn, updateJob } from './store.ts'
import { asJob } from './view.ts'

async function changeOne(id: string, change: JobsChange, db: Db): Promise<void> {
  const { launch, number } = await findJob(id, db)
  if (!isListed(launch)) throw new AppError('not_found', 'jobs.none', { param: 'ids' })
  const { name, note, archived, removed, added } = change
  await removeTags(id, removed, db)
  await addTags(id, added, db)
  if ((await tagsOf(id, db)).length > MOST_TAGS)
    throw new AppError('invalid', ['jobs.tagsAtMost', { number, most: MOST_TAGS }], { param: 'added' })
  await updateJob(
    id,
    {
      ...(name !== undefined && { name: name || null }),
      ...(note !== undefined && { note: note || null }),
      ...(archived !== undefined && { archived_at: archived ? Date.now() : null }),
    },
    db,
  )
}

/**
 * Names, notes, tags and archives jobs here, all of them or none; a provider is told nothing.
 * @throws AppError not_found; invalid for too many tags
 */
export async function organiseJobs(change: JobsChange): Promise<Job[]> {
  const ids = [...new Set(change.ids)]
  await inTransaction(async (db) => {
    for (const id of ids) await changeOne(id, change, db)
  })
  return (await rowsIn(ids)).map(asJob)
}
