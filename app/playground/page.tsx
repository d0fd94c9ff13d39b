import type { Metadata } from 'next'
import { createLoader, type SearchParams } from 'nuqs/server'
import { boardAddress } from '#components/playground/address.ts'
import { CompareBoard } from '#components/playground/compare-board.tsx'
import { requestWords } from '#lib/i18n/request.ts'
import { listModels } from '#lib/models/list.ts'
import { modelsQuery } from '#lib/models/queries.ts'
import { openPlayground } from '#lib/playground/initial-state.ts'
import { savedQuery } from '#lib/views/views.ts'
import { known, orNotFound, Seeded } from '../seeded.tsx'

export const generateMetadata = async (): Promise<Metadata> => ({
  title: (await requestWords('playground'))('title'),
})

const load = createLoader(boardAddress)

interface PlaygroundPageProps {
  searchParams: Promise<SearchParams>
}

export default async function PlaygroundPage({ searchParams }: PlaygroundPageProps) {
  const query = await load(searchParams)
  const list = await listModels()
  const preset = query.preset === null ? null : await savedQuery('playground', query.preset)
  const opening = await openPlayground({ ...query, preset }, list.models).catch(orNotFound)
  return (
    <Seeded seeds={[known(modelsQuery(), list)]}>
      <CompareBoard key={`${opening.run?.id} ${query.preset}`} opening={opening} />
    </Seeded>
  )
}
