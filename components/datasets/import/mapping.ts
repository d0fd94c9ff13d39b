import type { ImportPlan, Mapping } from '#lib/examples/formats/plan.ts'
import { guessColumns } from '#lib/examples/formats/sniff.ts'

export type Shape = Mapping['shape']
export type Container = ImportPlan['container']
export type Delimiter = NonNullable<ImportPlan['delimiter']>
export type Columns = Extract<Mapping, { shape: 'columns' }>

export const shapes = ['lines', 'prompt-completion', 'alpaca', 'sharegpt', 'columns'] as const
export const containers = ['jsonl', 'json', 'csv'] as const
export const delimiters = { comma: ',', semicolon: ';', tab: '\t', bar: '|' } as const

/** The name of a delimiter in the catalogue. */
export const delimiterName = (delimiter: Delimiter = ','): keyof typeof delimiters =>
  (Object.keys(delimiters) as (keyof typeof delimiters)[]).find((name) => delimiters[name] === delimiter) ??
  'comma'

/** Lines that need no mapping: every byte comes in as it is. */
export const isPlain = ({ container, mapping, encoding }: ImportPlan): boolean =>
  container === 'jsonl' && mapping.shape === 'lines' && encoding === undefined

/** Columns by their names where those tell, else the first two. */
function guessed(columns: readonly string[]): Mapping {
  const [user = 'column 1', assistant = user] = columns
  const blank = { system: null, systemText: null, rejected: null, weight: null }
  return guessColumns(columns) ?? { shape: 'columns', user, assistant, ...blank }
}

export const withShape = (plan: ImportPlan, shape: Shape, columns: readonly string[]): ImportPlan => ({
  ...plan,
  mapping: shape === 'columns' ? guessed(columns) : { shape },
})

export const withContainer = (plan: ImportPlan, container: Container): ImportPlan => ({
  container,
  mapping: plan.mapping,
  ...(plan.encoding && { encoding: plan.encoding }),
  ...(container === 'csv' && { delimiter: plan.delimiter ?? ',' }),
})

/** The plan for a file that turned out to have these columns: names that it has no more are chosen anew. */
export function fitted(plan: ImportPlan, columns: readonly string[]): ImportPlan {
  const { mapping } = plan
  if (mapping.shape !== 'columns' || columns.length === 0) return plan
  const missing = (column: string | null) => column !== null && !columns.includes(column)
  const { user, assistant, system, rejected, weight } = mapping
  return [user, assistant, system, rejected, weight].some(missing)
    ? { ...plan, mapping: guessed(columns) }
    : plan
}
