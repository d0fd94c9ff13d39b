import { archived, archivedContent, textIn } from '#lib/archive/read.ts'
import { type ItemRecord, type PartRecord, partsOf } from '#lib/archive/store.ts'
import { metricsIn } from '#lib/jobs/event-metrics.ts'
import { eventIn, isAscending } from '#lib/jobs/remote.ts'
import { curveFiles, resultFilePoints } from '#lib/jobs/result-file.ts'
import { mergePoints } from '#lib/jobs/series.ts'
import type { Point } from '#lib/jobs/series-schema.ts'
import { RemoteJob, RemoteList } from '#lib/jobs/wire.ts'
import { looseJson } from '#lib/providers/loose-json.ts'
import { markOf } from './pages.ts'

/** The entries of a list's pages, each once, in the order in which they were served. */
async function entriesIn(parts: readonly PartRecord[]): Promise<unknown[]> {
  const entries = new Map<string, unknown>()
  for (const part of parts) {
    const { data } = RemoteList.parse(looseJson(await textIn(part)))
    for (const entry of data ?? []) entries.set(markOf(entry), entry)
  }
  return [...entries.values()]
}

const here = async (item: ItemRecord, kind: 'events' | 'checkpoints'): Promise<unknown[]> =>
  entriesIn((await archived(item.provider_id, kind, item.remote_id)) ?? [])

/** A job's events as they were served, the oldest first. */
export async function eventsOf(item: ItemRecord): Promise<unknown[]> {
  const entries = await here(item, 'events')
  const ends = [entries.at(0), entries.at(-1)].flatMap((entry) => eventIn(entry) ?? [])
  return isAscending(ends) ? entries : entries.reverse()
}

/** A job's checkpoints as they were served. */
export const checkpointsOf = (item: ItemRecord): Promise<unknown[]> => here(item, 'checkpoints')

/** The job itself; null when it is not here or cannot be read. */
export async function jobIn(item: ItemRecord): Promise<RemoteJob | null> {
  const [part] = item.saved_at === null ? [] : await partsOf(item.seq)
  return part ? (RemoteJob.safeParse(looseJson(await textIn(part))).data ?? null) : null
}

/** The curve of the first result file that is here and can be read. */
export async function resultPoints(providerId: string, files: readonly string[]): Promise<Point[]> {
  for (const file of curveFiles(files)) {
    const content = await archivedContent(providerId, file)
    const points = content ? resultFilePoints(await textIn(content)) : []
    if (points.length > 0) return points
  }
  return []
}

/** A job's curve, from its result file and its events, which have more. */
export async function curveOf(
  item: ItemRecord,
  job: RemoteJob | null,
  events: readonly unknown[],
): Promise<Point[]> {
  const measured = metricsIn(
    events.flatMap((entry) => eventIn(entry) ?? []),
    null,
  )
  const result = await resultPoints(item.provider_id, job?.result_files ?? [])
  return mergePoints(
    result,
    measured.map(({ point }) => point),
  )
}
