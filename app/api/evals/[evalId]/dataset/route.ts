import { DatasetSummary } from '#lib/datasets/schema.ts'
import { datasetOfRecording } from '#lib/evals/recording.ts'
import { RecordedDataset } from '#lib/evals/recording-schema.ts'
import { route } from '#lib/http/route.ts'

export const POST = route(
  { body: RecordedDataset, answer: DatasetSummary },
  ({ params, body }) => datasetOfRecording(params.evalId ?? '', body),
  { status: 201 },
)
