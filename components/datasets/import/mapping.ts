import type { ImportPlan, Leftover, MappingOf, Shape } from '#lib/training-data/formats/plan.ts'
import { usesFor } from '#lib/training-data/formats/reader.ts'
import { formats } from '#lib/training-data/formats/table.ts'

export type Container = ImportPlan['container']
export type Delimiter = NonNullable<ImportPlan['delimiter']>
export type Columns = MappingOf<'columns'>

/** Shapes that a user may choose; `foreign` can only be detected. */
export const shapes = (Object.keys(formats) as Shape[]).filter((shape) => shape !== 'foreign')
export const containers = ['jsonl', 'json', 'csv', 'text'] as const
export const delimiters = { comma: ',', semicolon: ';', tab: '\t', bar: '|' } as const

/** Catalogue key of a delimiter. */
export const delimiterName = (delimiter: Delimiter = ','): keyof typeof delimiters =>
  (Object.keys(delimiters) as (keyof typeof delimiters)[]).find((name) => delimiters[name] === delimiter) ??
  'comma'

/** A record with field names only. */
const blank = (columns: readonly string[]) => Object.fromEntries(columns.map((column) => [column, '']))

/** The plan for another shape, derived from the field names. */
export const withShape = (plan: ImportPlan, shape: Shape, columns: readonly string[]): ImportPlan => ({
  ...plan,
  mapping: formats[shape].mapping([blank(columns)]),
})

export const withContainer = (plan: ImportPlan, container: Container): ImportPlan => ({
  container,
  mapping: plan.mapping,
  ...(plan.packed && { packed: plan.packed }),
  ...(plan.encoding && { encoding: plan.encoding }),
  extras: plan.extras,
  ...(container === 'csv' && { delimiter: plan.delimiter ?? ',' }),
})

/** Fields of the file that a mapping uses. */
const namedIn = (mapping: ImportPlan['mapping']): (string | null)[] => {
  switch (mapping.shape) {
    case 'columns':
      return [mapping.user, mapping.assistant, mapping.system, mapping.rejected, mapping.weight]
    case 'turns':
      return [mapping.conversation, mapping.speaker, mapping.text, mapping.order]
    case 'chat-log':
      return [mapping.assistant]
    default:
      return []
  }
}

/** The plan adapted to the actual columns of a file: if the file lacks a name, the names are guessed again. */
export function fitted(plan: ImportPlan, columns: readonly string[]): ImportPlan {
  const { mapping } = plan
  const missing = (column: string | null) => column !== null && !columns.includes(column)
  if (columns.length === 0 || !namedIn(mapping).some(missing)) return plan
  return withShape(plan, mapping.shape, columns)
}

/** What the user must decide before the records can be read. */
export type Undecided = 'columns' | 'same' | 'thumbs' | 'speaker' | 'leftovers'

const isOpen = ({ mapping }: ImportPlan): boolean =>
  (mapping.shape === 'columns' && (mapping.user === null || mapping.assistant === null)) ||
  (mapping.shape === 'turns' &&
    (mapping.conversation === null || mapping.speaker === null || mapping.text === null))

/** Fields that differ from row to row and that the user has not decided on. */
export const undecidedFields = (
  { mapping, extras = {} }: ImportPlan,
  left: readonly Leftover[],
): Leftover[] =>
  mapping.shape === 'foreign' || usesFor(mapping).length < 2
    ? []
    : left.filter((one) => needsChoice(one) && !(one.path in extras))

/** Whether rows differ in a field, so that dropping it loses data. Nested fields have no choice. */
export const needsChoice = ({ nested, differs, isId }: Leftover): boolean => differs && !isId && !nested

export function undecided(plan: ImportPlan, left: readonly Leftover[]): Undecided | null {
  const { mapping } = plan
  if (isOpen(plan)) return 'columns'
  if (mapping.shape === 'columns' && mapping.user === mapping.assistant) return 'same'
  if (mapping.shape === 'thumbs' && mapping.keep === null) return 'thumbs'
  if (mapping.shape === 'chat-log' && mapping.assistant === null) return 'speaker'
  return undecidedFields(plan, left).length > 0 ? 'leftovers' : null
}
