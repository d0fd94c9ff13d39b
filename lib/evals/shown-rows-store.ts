import type { ROW_FILTERS, ROW_SORTS } from './constants.ts'
import 'server-only'
import { sql } from 'kysely'
import { rowsOf } from './scores-store.ts'

/** Places of the rows, each with the last column's mean score minus the first's; over the graders that graded both. */
const changes = (evalId: string, last: number) => sql`
  select a.place as place, avg((after.value ->> '$.score') - (before.value ->> '$.score')) as change
  from eval_cells as a join eval_cells as b
      on b.eval_id = a.eval_id and b.place = a.place and b.column_index = ${last} and b.state = 'answered',
    json_each(a.grades_json) as before, json_each(b.grades_json) as after
  where a.eval_id = ${evalId} and a.column_index = 0 and a.state = 'answered' and after.key = before.key
  group by a.place`

/**
 * `failing`: the last column's answer does not pass a grader. `different`: a grader gives two columns different
 * results.
 */
function through(evalId: string, last: number, filter: (typeof ROW_FILTERS)[number]) {
  const cells = sql`select cell.place from eval_cells as cell`
  const here = sql`cell.eval_id = ${evalId} and cell.state = 'answered'`
  if (filter === 'failing')
    return sql`${cells} where ${here} and cell.column_index = ${last} and cell.passed = 0`
  if (filter === 'different')
    return sql`${cells}, json_each(cell.grades_json) as grade where ${here}
      group by cell.place, grade.key
      having min(grade.value ->> '$.passed') < max(grade.value ->> '$.passed')`
  return sql`${cells} where cell.eval_id = ${evalId} and cell.column_index = 0`
}

interface Shown {
  evalId: string
  /** Index of the last column. */
  last: number
  sort: (typeof ROW_SORTS)[number]
  filter: (typeof ROW_FILTERS)[number]
  offset: number
  limit: number
}

/** Places of a page of the rows that match a filter, and how many match. Rows that cannot be compared come last. */
export async function placesShown({
  evalId,
  last,
  sort,
  filter,
  offset,
  limit,
}: Shown): Promise<{ places: number[]; total: number }> {
  const shown = sql`(select distinct place from (${through(evalId, last, filter)}))`
  const [count] = await rowsOf(sql<{ total: number }>`select count(*) as total from ${shown}`)
  const order =
    sort === 'position' || last === 0
      ? sql`order by shown.place`
      : sql`left join (${changes(evalId, last)}) as moved on moved.place = shown.place
          order by moved.change is null, moved.change, shown.place`
  const places =
    limit === 0
      ? []
      : await rowsOf(
          sql<{
            place: number
          }>`select shown.place from ${shown} as shown ${order} limit ${limit} offset ${offset}`,
        )
  return { places: places.map(({ place }) => place), total: count?.total ?? 0 }
}
