import type { DatasetReport } from '#lib/datasets/schema.ts'
import { systemPromptOf } from '#lib/datasets/worker/system-prompt.ts'
import { useLines } from './use-lines.ts'

/** A system prompt and the number of rows with it. */
export interface Variant {
  /** Line of the first row with it; identifies the variant, in whatever order they arrive. */
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
