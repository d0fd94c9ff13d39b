import { recordingLines } from '#lib/evals/recording.ts'
import { route } from '#lib/http/route.ts'
import { textDownload } from '#lib/http/text-download.ts'

export const GET = route({}, async ({ params: { evalId = '' } }) =>
  textDownload(await recordingLines(evalId), `${evalId}.jsonl`, 'application/jsonl'),
)
