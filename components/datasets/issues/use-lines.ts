import { useQueries } from '@tanstack/react-query'
import { rowsQuery } from '#lib/datasets/queries.ts'

/** The texts of a few lines of a dataset: undefined while they load, null for a line that is not text. */
export const useLines = (datasetId: string, lines: readonly number[]): (string | null | undefined)[] =>
  useQueries({
    queries: lines.map((line) => rowsQuery(datasetId, {}, line - 1, 1)),
    combine: (answers) => answers.map(({ data }) => data && (data.rows[0]?.text ?? null)),
  })
