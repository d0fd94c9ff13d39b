import type { Metadata } from 'next'
import { ModelsPage } from '#components/models/models-page.tsx'
import { listCallerKeys } from '#lib/auth/api-keys.ts'
import { callerKeysQuery } from '#lib/auth/queries.ts'
import { requestWords } from '#lib/i18n/request.ts'
import { listAliases } from '#lib/models/aliases.ts'
import { readLibrary } from '#lib/models/library.ts'
import { libraryQuery } from '#lib/models/library-queries.ts'
import { listStudioModels } from '#lib/models/lineage.ts'
import { aliasesQuery, studioModelsQuery } from '#lib/models/queries.ts'
import { origin } from '../origin.ts'
import { asked, Seeded } from '../seeded.tsx'

export const generateMetadata = async (): Promise<Metadata> => ({
  title: (await requestWords('models'))('page'),
})

export default async function Models() {
  // Must come first: it makes Next.js render the page per request, never at build time.
  const address = await origin()
  const seeds = [
    asked(studioModelsQuery(), () => listStudioModels()),
    asked(libraryQuery(), () => readLibrary()),
    asked(aliasesQuery(), () => listAliases()),
    asked(callerKeysQuery(), () => listCallerKeys()),
  ]
  return (
    <Seeded seeds={seeds}>
      <ModelsPage baseURL={`${address}/v1`} now={Date.now()} />
    </Seeded>
  )
}
