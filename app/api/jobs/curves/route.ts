import { route } from '#lib/http/route.ts'
import { curvesCsv } from '#lib/jobs/curves-csv.ts'
import { CompareQuery } from '#lib/jobs/schema.ts'

export const GET = route({ query: CompareQuery }, async ({ query }) => {
  const headers = {
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': 'attachment; filename="curves.csv"',
    'cache-control': 'no-store',
  }
  return new Response(await curvesCsv(query.runs), { headers })
})
