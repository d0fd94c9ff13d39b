/** SQL for both database handles: Kysely's and the worker's. */

type Tag<Text, Value> = (parts: TemplateStringsArray, ...values: Value[]) => Text

/**
 * A record exists from revision `since` until before `until`; null: it still exists.
 * @param tag Kysely's `sql`, or `String.raw` for SQL written by hand
 */
export const inRevision = <Text, Value>(
  tag: Tag<Text, Value>,
  { since, until, revision }: Record<'since' | 'until' | 'revision', Value>,
): Text => tag`(${since} <= ${revision} and (${until} is null or ${until} > ${revision}))`

/** The same for SQL written by hand. @param revision a numbered parameter, since it occurs more than once: `?2` */
export const inRevisionSql = (revision: string, rows = 'dataset_rows'): string =>
  inRevision(String.raw, { since: `${rows}.since`, until: `${rows}.until`, revision })

/** State of a row that is not sent. */
export const REJECTED = 'rejected'

/**
 * Whether a row has changed its split since a revision. Values: the dataset's id, the revision. Reads only rows that
 * changed since then.
 */
export const MOVED_SINCE = `select 1 from dataset_rows as now indexed by dataset_rows_since
  join dataset_rows as before indexed by dataset_rows_key
    on before.dataset_id = now.dataset_id and before.key = now.key
  where now.dataset_id = ?1 and now.since > 1 and now.since > ?2 and now.until is null
    and ${inRevisionSql('?2', 'before')} and before.split <> now.split
  limit 1`

/** A step that no other step reverts: an undo reverts a change, and a redo reverts an undo. */
const isStanding = (step: string) => `not exists
  (select 1 from dataset_steps as redo where redo.dataset_id = ${step}.dataset_id and redo.reverts = ${step}.revision)`

/** The newest step that can be undone: a change that is not undone, or is made again; not the dataset's creation. */
export const UNDOABLE_STEP = `select revision, kind from dataset_steps as step
  where dataset_id = ? and kind not in ('undo', 'redo', 'create') and not exists
    (select 1 from dataset_steps as undo
     where undo.dataset_id = step.dataset_id and undo.reverts = step.revision and ${isStanding('undo')})
  order by revision desc limit 1`

/** The newest undo that can be reverted, with the kind of the step that it undid: no change has been made since. */
export const REDOABLE_STEP = `select undo.revision, undone.kind from dataset_steps as undo
  join dataset_steps as undone on undone.dataset_id = undo.dataset_id and undone.revision = undo.reverts
  where undo.dataset_id = ? and undo.kind = 'undo' and ${isStanding('undo')} and not exists
    (select 1 from dataset_steps as later
     where later.dataset_id = undo.dataset_id and later.revision > undo.revision
       and later.kind not in ('undo', 'redo'))
  order by undo.revision desc limit 1`
