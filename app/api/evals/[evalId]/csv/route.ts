import { evalCsv } from '#lib/evals/csv.ts'
import { route } from '#lib/http/route.ts'
import { textDownload } from '#lib/http/text-download.ts'

export const GET = route({}, async ({ params: { evalId = '' } }) =>
  textDownload(await evalCsv(evalId), `${evalId}.csv`, 'text/csv'),
)
