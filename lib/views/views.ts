import { AppError } from '#lib/core/errors.ts'
import { type Db, inTransaction } from '#lib/db/studio.ts'
import type { ListName } from './address.ts'
import { MOST_VIEWS, newViewId, type SavedView, type ViewChange, type ViewDraft } from './schema.ts'
import {
  insertView,
  removeView,
  updateView,
  type ViewRecord,
  viewNamed,
  viewRecord,
  viewRecords,
} from './store.ts'

const asView = ({ id, list, name, query }: ViewRecord): SavedView => ({
  ...{ id, name, query },
  list: list as ListName,
})

/** Every saved view, by name in each list. */
export async function listViews(): Promise<SavedView[]> {
  return (await viewRecords()).map(asView)
}

/** What a view of a page shows; null for one that is not there any more. */
export async function savedQuery(list: ListName, id: string): Promise<string | null> {
  return (await listViews()).find((view) => view.id === id && view.list === list)?.query ?? null
}

async function refuseTaken(list: ListName, name: string, id: string, db: Db): Promise<void> {
  const other = await viewNamed(list, name, db)
  if (other && other.id !== id)
    throw new AppError('conflict', ['views.nameTaken', { name }], { param: 'name' })
}

/**
 * Keeps what a list shows under a name.
 * @throws AppError conflict for a name that another view of the list has; invalid for too many views
 */
export async function saveView({ list, name, query }: ViewDraft): Promise<SavedView[]> {
  await inTransaction(async (db) => {
    const id = newViewId()
    await refuseTaken(list, name, id, db)
    if ((await viewRecords(db)).length >= MOST_VIEWS)
      throw new AppError('invalid', ['views.tooMany', { most: MOST_VIEWS }])
    await insertView({ id, list, name, query, created_at: Date.now() }, db)
  })
  return listViews()
}

/**
 * Renames a view, or has it show something else.
 * @throws AppError not_found; conflict for a name that another view of the list has
 */
export async function changeView(id: string, change: ViewChange): Promise<SavedView[]> {
  await inTransaction(async (db) => {
    const view = await viewRecord(id, db)
    if (!view) throw new AppError('not_found', 'views.none', { param: 'viewId' })
    if (change.name !== undefined) await refuseTaken(asView(view).list, change.name, id, db)
    if (Object.keys(change).length > 0) await updateView(id, change, db)
  })
  return listViews()
}

/** @throws AppError not_found */
export async function deleteView(id: string): Promise<SavedView[]> {
  if (!(await removeView(id))) throw new AppError('not_found', 'views.none', { param: 'viewId' })
  return listViews()
}
