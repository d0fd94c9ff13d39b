import { evalCsv } from '#lib/evals/csv.ts'
import { route } from '#lib/http/route.ts'

export const GET = route({}, async ({ params: { evalId = '' } }) => {
  const headers = {
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': `attachment; filename="${evalId}.csv"`,
    'cache-control': 'no-store',
  }
  return new Response(await evalCsv(evalId), { headers })
})
