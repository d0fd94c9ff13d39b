import { route } from '#lib/http/route.ts'
import { exportPairs, keepPairs } from '#lib/playground/preferences.ts'
import { KeptPairs, PreferenceDraft, PreferenceQuery } from '#lib/playground/schema.ts'

export const GET = route({ query: PreferenceQuery }, async ({ query }) => {
  const { text, type, name } = await exportPairs(query)
  return new Response(text, {
    headers: {
      'content-type': type,
      'content-disposition': `attachment; filename="${name}"`,
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    },
  })
})

export const POST = route({ body: PreferenceDraft, answer: KeptPairs }, ({ body }) => keepPairs(body), {
  status: 201,
})
