import { startRecording } from '#lib/evals/recording.ts'
import { RecordingDraft } from '#lib/evals/recording-schema.ts'
import { EvalPage } from '#lib/evals/schema.ts'
import { route } from '#lib/http/route.ts'

export const POST = route({ body: RecordingDraft, answer: EvalPage }, ({ body }) => startRecording(body), {
  status: 201,
})
