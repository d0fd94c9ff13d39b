/** SQL that both handles use: Kysely's and the worker's own. */

type Tag<Text, Value> = (parts: TemplateStringsArray, ...values: Value[]) => Text

/**
 * A record is there from revision `since` on, until before `until`; without `until` it still is.
 * @param tag Kysely's `sql`, or `String.raw` for SQL written by hand
 */
export const inRevision = <Text, Value>(
  tag: Tag<Text, Value>,
  { since, until, revision }: Record<'since' | 'until' | 'revision', Value>,
): Text => tag`(${since} <= ${revision} and (${until} is null or ${until} > ${revision}))`

/** The same in SQL written by hand. @param revision a parameter that may stand in the text several times: `?2` */
export const inRevisionSql = (revision: string, rows = 'dataset_rows'): string =>
  inRevision(String.raw, { since: `${rows}.since`, until: `${rows}.until`, revision })

/**
 * Whether a row stands on the other side of the split than it did at a revision. Values: the dataset's id, the
 * revision. Looks only at rows that changed since then.
 */
export const MOVED_SINCE = `select 1 from dataset_rows as now indexed by dataset_rows_since
  join dataset_rows as before indexed by dataset_rows_key
    on before.dataset_id = now.dataset_id and before.key = now.key
  where now.dataset_id = ?1 and now.since > 1 and now.since > ?2 and now.until is null
    and ${inRevisionSql('?2', 'before')} and before.split <> now.split
  limit 1`

/** The newest step of a dataset that can be undone: no undo itself, not undone yet, and not the dataset's beginning. */
export const UNDOABLE_STEP = `select revision, kind from dataset_steps as step
  where dataset_id = ? and kind not in ('undo', 'create') and not exists
    (select 1 from dataset_steps as undo where undo.dataset_id = step.dataset_id and undo.reverts = step.revision)
  order by revision desc limit 1`
