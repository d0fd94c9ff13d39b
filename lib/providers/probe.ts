import { APIError, type OpenAI } from 'openai'
import { briefly } from './fetch.ts'
import type { Offers } from './schema.ts'

/** Statuses that mean that a server has no such address. */
const ABSENT = [404, 405, 501]

/** Newest events that are looked through for metrics. */
const EVENTS = 20

interface Page<Item> {
  data?: Item[]
}

interface Found<Item> {
  /** null: the server did not say. */
  offered: boolean | null
  items: Item[]
}

async function look<Item>(request: PromiseLike<Page<Item>>): Promise<Found<Item>> {
  try {
    // A page of a web site is an answer too, but no list.
    const { data } = await request
    return { offered: Array.isArray(data), items: Array.isArray(data) ? data : [] }
  } catch (thrown) {
    const isAbsent = thrown instanceof APIError && ABSENT.includes(thrown.status ?? 0)
    return { offered: isAbsent ? false : null, items: [] }
  }
}

const hasMetrics = ({ metrics }: { metrics?: object }): boolean =>
  metrics !== undefined && Object.keys(metrics).length > 0

/**
 * What a server offers of training, asked by GET alone.
 * @param patience ms for each request
 */
export async function probe(client: OpenAI, patience: number): Promise<Offers> {
  const { files, fineTuning } = client
  const options = () => ({ signal: briefly(undefined, patience) })
  const [ofFiles, ofJobs] = await Promise.all([
    look(files.list({ limit: 1 }, options())),
    look(fineTuning.jobs.list({ limit: 1 }, options())),
  ])
  const [job] = ofJobs.items
  const offers = { files: ofFiles.offered, jobs: ofJobs.offered }
  if (!job) return { ...offers, events: null, checkpoints: null, metrics: null }
  const [events, checkpoints] = await Promise.all([
    look(fineTuning.jobs.listEvents(job.id, { limit: EVENTS }, options())),
    look(fineTuning.jobs.checkpoints.list(job.id, { limit: 1 }, options())),
  ])
  const isMeasured = events.items.some(({ type }) => type === 'metrics') || checkpoints.items.some(hasMetrics)
  return {
    ...offers,
    events: events.offered,
    checkpoints: checkpoints.offered,
    // A job that still runs may have nothing to tell yet.
    metrics: isMeasured || (job.status === 'succeeded' ? false : null),
  }
}
