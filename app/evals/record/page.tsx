import type { Metadata } from 'next'
import { z } from 'zod'
import { RecordForm } from '#components/evals/record-form.tsx'
import { datasetsQuery } from '#lib/datasets/queries.ts'
import { listDatasets } from '#lib/datasets/view.ts'
import { requestWords } from '#lib/i18n/request.ts'
import { makerOf } from '#lib/jobs/models-store.ts'
import { listModels } from '#lib/models/list.ts'
import { modelsQuery } from '#lib/models/queries.ts'
import { ModelRef } from '#lib/models/schema.ts'
import { asked, known, Seeded } from '../../seeded.tsx'

export const generateMetadata = async (): Promise<Metadata> => ({
  title: (await requestWords('recording'))('title'),
})

interface RecordPageProps {
  /** `providerId=openai&model=ft:…` preselects a model. */
  searchParams: Promise<Record<string, string | string[] | undefined>>
}

const Query = z.union([ModelRef, z.unknown().transform(() => null)])

export default async function RecordPage({ searchParams }: RecordPageProps) {
  const model = Query.parse(await searchParams)
  const datasets = await listDatasets()
  const maker = model && (await makerOf(model.providerId, model.model))
  const trainedOn = datasets.find(({ id }) => id === maker?.dataset_id)?.id ?? null
  return (
    <Seeded seeds={[known(datasetsQuery(), datasets), asked(modelsQuery(), listModels)]}>
      <RecordForm key={model?.model} model={model} datasetId={trainedOn} />
    </Seeded>
  )
}
