import type { Metadata } from 'next'
import { ProvidersPage } from '#components/providers/providers-page.tsx'
import { requestWords } from '#lib/i18n/request.ts'
import { listModels } from '#lib/models/list.ts'
import { listProvidersWithHealth } from '#lib/providers/health.ts'
import { SHIPPED } from '#lib/providers/model-kind.ts'
import { pricesQuery, providersQuery, spendingQuery } from '#lib/providers/queries.ts'
import { listSpending } from '#lib/providers/spend.ts'
import { listPrices } from '#lib/providers/training-price-list.ts'
import { rescuesQuery } from '#lib/rescue/queries.ts'
import { listRescues } from '#lib/rescue/rescue.ts'
import { origin } from '../origin.ts'
import { asked, inTime, Seeded } from '../seeded.tsx'

export const generateMetadata = async (): Promise<Metadata> => ({
  title: (await requestWords('providers'))('title'),
})

export default async function Providers() {
  // Must come first: it makes Next.js render the page per request, never at build time.
  const address = await origin()
  const models = (await inTime(listModels().then((list) => list.models))) ?? []
  const seeds = [
    asked(providersQuery(), () => listProvidersWithHealth()),
    asked(pricesQuery(), listPrices),
    asked(spendingQuery(), listSpending),
    asked(rescuesQuery(), listRescues),
  ]
  const base = models.find(({ providerId, kind }) => providerId === 'embedded' && kind === 'base')
  // Snippets name the shipped model while the engine is still starting, or silent.
  const installation = { origin: address, model: base?.id ?? SHIPPED }
  return (
    <Seeded seeds={seeds}>
      <ProvidersPage installation={installation} />
    </Seeded>
  )
}
