import { exportDataset } from '#lib/datasets/export.ts'
import type { DatasetSummary, Split } from '#lib/datasets/schema.ts'
import { listDatasets } from '#lib/datasets/view.ts'
import { jobReport } from '#lib/evals/report.ts'
import { failure } from '#lib/http/failure.ts'
import { type ZipEntry, zipDownload } from '#lib/http/zip-download.ts'
import type { Locale } from '#lib/i18n/locale.ts'
import { listJobs } from '#lib/jobs/list.ts'
import type { Job } from '#lib/jobs/schema.ts'
import { listAliases } from '#lib/models/aliases.ts'

/** Makes file names unique: two datasets may have the same name. */
function uniqueNames(): (name: string) => string {
  const taken = new Map<string, number>()
  return (name) => {
    const times = (taken.get(name) ?? 0) + 1
    taken.set(name, times)
    return times === 1 ? name : name.replace(/(\.\w+)$/, ` (${times})$1`)
  }
}

const PAGE = 100

/** All jobs, the archived ones too, newest first. */
async function* allJobs(): AsyncGenerator<Job> {
  for (let after: string | undefined; ; ) {
    const jobs = await listJobs({ archived: true, limit: PAGE, after })
    yield* jobs
    const last = jobs.at(-1)
    if (!last || jobs.length < PAGE) return
    after = `${last.createdAt}.${last.id}`
  }
}

const splitsOf = ({ train, heldout }: DatasetSummary): Split[] => [
  ...(train.examples > 0 ? (['train'] as const) : []),
  ...(heldout.examples > 0 ? (['heldout'] as const) : []),
]

/** Datasets as files to train on, and a report of each job; what cannot be read is listed instead of ending the file. */
async function* entriesOf(locale: Locale): AsyncGenerator<ZipEntry> {
  const unique = uniqueNames()
  const leftOut: string[] = []
  const leaveOut = (name: string, thrown: unknown) => leftOut.push(`${name}: ${failure(thrown).message}\n`)
  for (const dataset of await listDatasets())
    for (const split of splitsOf(dataset))
      try {
        const { filename, bytes } = await exportDataset(dataset.id, { split })
        yield { name: unique(`datasets/${filename}`), input: bytes }
      } catch (thrown) {
        leaveOut(dataset.name, thrown)
      }
  for await (const { id } of allJobs())
    try {
      const { name, html } = await jobReport(id, locale)
      yield { name: unique(`jobs/${name}`), input: html }
    } catch (thrown) {
      leaveOut(id, thrown)
    }
  yield { name: 'aliases.json', input: `${JSON.stringify(await listAliases(), null, 2)}\n` }
  if (leftOut.length > 0) yield { name: 'left-out.txt', input: leftOut.join('') }
}

/** What people have made here, in files that other programs read: no backup, which is the data folder itself. */
export const exportAll = (locale: Locale): Response =>
  zipDownload(`limerick-${new Date().toISOString().slice(0, 10)}.zip`, entriesOf(locale))
