import { z } from 'zod'
import { warningData } from './history-store.ts'
import type { CutRows } from './schema.ts'

const Count = z.number().int().min(0)

/** The built-in engine's part of a warning event. */
const CutEvent = z.object({
  limerick: z.object({
    cut: z.object({
      file: z.enum(['training_file', 'validation_file']),
      context: Count,
      rows: Count,
      part: Count,
      all: Count,
      examples: z.array(z.object({ row: Count, line: Count, lost: Count, left: Count })).max(100),
    }),
  }),
})

function cutIn(json: string): CutRows[] {
  const { data } = CutEvent.safeParse(JSON.parse(json))
  return data ? [data.limerick.cut] : []
}

/** Rows of a job whose answers were cut off, by file; empty when the engine reported none. */
export const cutRows = async (jobId: string): Promise<CutRows[]> => (await warningData(jobId)).flatMap(cutIn)
