import { type LineageRecord, lineageRecords } from '#lib/jobs/models-store.ts'
import { JobScore, type ModelScore, scoreLevel } from '#lib/jobs/schema.ts'
import { ProviderId } from '#lib/providers/schema.ts'
import { refKey } from './ref.ts'
import type { Lineage } from './schema.ts'

/** A job's best model has the highest score; of equals it is the earliest. */
function scoreIn({ scores_json, model }: LineageRecord): Pick<Lineage, 'score' | 'best'> {
  const scores: ModelScore[] = scores_json === null ? [] : JSON.parse(scores_json)
  const own = scores.find((one) => one.model === model)
  const [best] = scores.toSorted((a, b) => scoreLevel(b) - scoreLevel(a) || a.step - b.step)
  return { score: own ? JobScore.parse(own) : null, best: own !== undefined && own === best }
}

const asLineage = (row: LineageRecord): Lineage => ({
  jobId: row.job_id,
  number: row.number,
  name: row.name,
  suffix: row.suffix,
  datasetId: row.dataset_id,
  datasetName: row.dataset_name,
  version: row.version,
  base: row.base,
  step: row.step,
  ...scoreIn(row),
  systemPrompt: row.system_prompt,
  question: row.question,
})

/** Where each model comes from that a job here has made, by its key. */
export async function readLineages(): Promise<ReadonlyMap<string, Lineage>> {
  const found = new Map<string, Lineage>()
  for (const row of await lineageRecords()) {
    const key = refKey({ providerId: ProviderId.parse(row.provider_id), model: row.model })
    // A job's result is listed once more as its last checkpoint.
    if (!found.has(key) || row.step === null) found.set(key, asLineage(row))
  }
  return found
}
