import { DatasetDraft } from '#lib/datasets/schema.ts'
import { createDataset } from '#lib/datasets/update-dataset.ts'
import { listDatasets } from '#lib/datasets/view.ts'
import { route } from '#lib/http/route.ts'

export const GET = route({}, () => listDatasets())
export const POST = route({ body: DatasetDraft }, ({ body }) => createDataset(body), { status: 201 })
