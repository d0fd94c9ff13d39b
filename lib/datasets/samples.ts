import { createReadStream } from 'node:fs'
import path from 'node:path'
import { domain, type Sample } from '#lib/domain/domain.ts'
import { importDataset } from './import.ts'
import type { DatasetSummary } from './schema.ts'
import { changeDataset, findSample, forgetPurgedSample } from './store.ts'
import { getDatasetSummary } from './view.ts'

/** The process runs in the folder of the project, where `public` is. */
const fileOf = ({ file }: Sample): string => path.resolve(/* turbopackIgnore: true */ 'public/samples', file)

async function createSample(sample: Sample): Promise<void> {
  const { name, key, trainRows } = sample
  const split = trainRows === null ? 'train' : { trainRows }
  await importDataset({ name, source: createReadStream(fileOf(sample)), length: null, split }, {}, key)
}

/** Creates the shipped datasets that were never created here; a deleted one stays deleted. */
export async function ensureSamples(): Promise<void> {
  // The newest is listed first.
  for (const sample of domain.samples.toReversed()) {
    if (!(await findSample(sample.key))) await createSample(sample)
  }
}

/** The first sample, brought back when it was deleted. */
export async function loadSample(): Promise<DatasetSummary> {
  const [{ key }] = domain.samples
  await forgetPurgedSample(key)
  await ensureSamples()
  const sample = await findSample(key)
  if (!sample) throw new Error('The sample was not made.')
  if (sample.deleted_at !== null) {
    await changeDataset(sample.id, { deleted_at: null, updated_at: Date.now() })
  }
  return getDatasetSummary(sample.id)
}
