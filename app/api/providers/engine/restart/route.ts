import { z } from 'zod'
import { route } from '#lib/http/route.ts'
import { restartEngine } from '#lib/providers/engine-restart.ts'
import { listProvidersWithHealth } from '#lib/providers/health.ts'
import { ProviderWithHealth } from '#lib/providers/schema.ts'

export const POST = route({ answer: z.array(ProviderWithHealth) }, async () => {
  await restartEngine()
  return listProvidersWithHealth()
})
