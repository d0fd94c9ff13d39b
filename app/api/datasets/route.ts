import { z } from 'zod'
import { DatasetDraft, DatasetSummary } from '#lib/datasets/schema.ts'
import { createDataset } from '#lib/datasets/update-dataset.ts'
import { listDatasets } from '#lib/datasets/view.ts'
import { route } from '#lib/http/route.ts'

export const GET = route({ answer: z.array(DatasetSummary) }, () => listDatasets())
export const POST = route({ body: DatasetDraft, answer: DatasetSummary }, ({ body }) => createDataset(body), {
  status: 201,
})
