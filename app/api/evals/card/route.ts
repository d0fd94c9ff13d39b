import { runCard } from '#lib/evals/report.ts'
import { EvalJob } from '#lib/evals/schema.ts'
import { route } from '#lib/http/route.ts'

/** Never opened under our own address: a card holds what models said. */
export const GET = route({ query: EvalJob }, async ({ query: { job } }) => {
  const headers = {
    'content-type': 'application/octet-stream',
    'content-disposition': 'attachment; filename="run-card.html"',
    'x-content-type-options': 'nosniff',
    'cache-control': 'no-store',
  }
  return new Response(await runCard(job), { headers })
})
