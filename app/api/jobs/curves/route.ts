import { attachment } from '#lib/core/attachment.ts'
import { route } from '#lib/http/route.ts'
import { curvesCsv } from '#lib/jobs/curves-csv.ts'
import { CompareQuery } from '#lib/jobs/schema.ts'

export const GET = route({ query: CompareQuery }, async ({ query }) => {
  const { name, csv } = await curvesCsv(query.runs)
  const headers = {
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': attachment(name),
    'cache-control': 'no-store',
  }
  return new Response(csv, { headers })
})
