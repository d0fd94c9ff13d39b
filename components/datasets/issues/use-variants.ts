import type { DatasetReport } from '#lib/datasets/schema.ts'
import { systemPromptOf } from '#lib/datasets/worker/system-prompt.ts'
import { useLines } from './use-lines.ts'

/** A system prompt and how many rows have it. */
export interface Variant {
  /** Of the first row that has it: which one it is, in whatever order they come in. */
  line: number
  text: string
  count: number
}

/** Every system prompt that the report counts, the most frequent first. */
export function useVariants(datasetId: string, { systems }: DatasetReport): Variant[] {
  const lines = useLines(
    datasetId,
    systems.map(({ line }) => line),
  )
  return systems.flatMap(({ line, count }, index) => {
    const text = systemPromptOf(lines[index] ?? null)
    return text === null ? [] : [{ line, text, count }]
  })
}
