import { createReadStream } from 'node:fs'
import path from 'node:path'
import { importDataset } from './import.ts'
import type { DatasetSummary } from './schema.ts'
import { changeDataset, findSample, forgetPurgedSample } from './store.ts'
import { getDatasetSummary } from './view.ts'

interface Sample {
  key: string
  name: string
  file: string
  /** Rows to train on; the rest is held out. */
  trainRows: number | null
}

/** The newest is listed first, so Elle is made last. */
const SAMPLES: readonly Sample[] = [
  { key: 'elle-broken', name: 'elle-broken', file: 'elle-broken.jsonl', trainRows: null },
  { key: 'elle-varied', name: 'elle-for-larger-models', file: 'elle-varied.jsonl', trainRows: 10 },
  { key: 'elle', name: 'elle', file: 'elle.jsonl', trainRows: 10 },
]

/** The process runs in the folder of the project, where `public` is. */
const fileOf = ({ file }: Sample): string => path.resolve(/* turbopackIgnore: true */ 'public/samples', file)

async function createSample(sample: Sample): Promise<void> {
  const { name, key, trainRows } = sample
  const split = trainRows === null ? 'train' : { trainRows }
  await importDataset({ name, source: createReadStream(fileOf(sample)), length: null, split }, {}, key)
}

/** Makes the shipped datasets that were never made here; one that was deleted stays deleted. */
export async function ensureSamples(): Promise<void> {
  for (const sample of SAMPLES) {
    if (!(await findSample(sample.key))) await createSample(sample)
  }
}

/** Elle, brought back when it was deleted. */
export async function loadElle(): Promise<DatasetSummary> {
  await forgetPurgedSample('elle')
  await ensureSamples()
  const elle = await findSample('elle')
  if (!elle) throw new Error('The sample was not made.')
  if (elle.deleted_at !== null) await changeDataset(elle.id, { deleted_at: null }, Date.now())
  return getDatasetSummary(elle.id)
}
