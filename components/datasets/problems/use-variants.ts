import type { DatasetReport } from '#lib/datasets/schema.ts'
import { systemPromptOf } from '#lib/datasets/worker/system-prompt.ts'
import { useLines } from './use-lines.ts'

/** A system prompt and how many rows have it. */
export interface Variant {
  text: string
  count: number
}

/** Every system prompt that the report counts, the most frequent first. */
export function useVariants(datasetId: string, { systems }: DatasetReport): Variant[] {
  const lines = useLines(
    datasetId,
    systems.map(({ line }) => line),
  )
  return systems.flatMap(({ count }, index) => {
    const text = systemPromptOf(lines[index] ?? null)
    return text === null ? [] : [{ text, count }]
  })
}
