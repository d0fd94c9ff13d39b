import { loadSample } from '#lib/datasets/samples.ts'
import { DatasetSummary } from '#lib/datasets/schema.ts'
import { route } from '#lib/http/route.ts'

export const POST = route({ answer: DatasetSummary }, () => loadSample())
