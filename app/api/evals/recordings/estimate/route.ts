import { estimateRecording } from '#lib/evals/recording.ts'
import { RecordingDraft } from '#lib/evals/recording-schema.ts'
import { EvalEstimate } from '#lib/evals/schema.ts'
import { route } from '#lib/http/route.ts'

export const POST = route({ body: RecordingDraft, answer: EvalEstimate }, ({ body }) =>
  estimateRecording(body),
)
