/**
 * SQL: whether a row stands on the other side of the split than it did at a revision. Values: the dataset's id, then
 * the revision three times. Looks only at rows that changed since then.
 */
export const MOVED_SINCE = `select 1 from dataset_rows as now indexed by dataset_rows_since
  join dataset_rows as before indexed by dataset_rows_key
    on before.dataset_id = now.dataset_id and before.key = now.key
  where now.dataset_id = ? and now.since > 1 and now.since > ? and now.until is null
    and before.since <= ? and before.until > ? and before.split <> now.split
  limit 1`
