import { z } from 'zod'
import { warningData } from './history-store.ts'
import type { CutRows } from './schema.ts'

const Count = z.number().int().min(0)

/** As the built-in engine tells it with an event. */
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

/** Rows of a run whose answers were not read to their end, by file; empty where nothing was said of it. */
export const cutRows = async (jobId: string): Promise<CutRows[]> => (await warningData(jobId)).flatMap(cutIn)
