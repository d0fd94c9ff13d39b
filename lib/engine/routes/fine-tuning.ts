import { z } from 'zod'
import { apiError, parse } from '../api-error.ts'
import { CheckpointQuery, EventQuery, JobQuery, type JobStore, type MetadataFilter } from '../jobs.ts'
import type { Route } from '../router.ts'
import type { Runner } from '../runner.ts'
import { jsonOf, maybeJsonOf } from './body.ts'

const JOBS = '/v1/fine_tuning/jobs'

const query = (url: URL): Record<string, string> => Object.fromEntries(url.searchParams)

/** `metadata[key]=value` any number of times, or `metadata=null` for jobs without any (SDKs send it empty). */
function metadataFilter(url: URL): MetadataFilter | undefined {
  const plain = url.searchParams.get('metadata')
  if (plain === 'null' || plain === '') return null
  const pairs = [...url.searchParams].flatMap(([name, value]): [string, string][] => {
    const [, key] = /^metadata\[(.*)\]$/.exec(name) ?? []
    return key === undefined ? [] : [[key, value]]
  })
  return pairs.length > 0 ? pairs : undefined
}

async function create(jobs: JobStore, runner: Runner, request: Request): Promise<Response> {
  const job = await jobs.create(await jsonOf(request), request.headers.get('idempotency-key'))
  runner.wake()
  return Response.json(job)
}

/** Ours: what was learnt until now stays, as a checkpoint. SDKs send no body. */
const CancelBody = z
  .object({ limerick: z.object({ keep: z.boolean().default(false) }).optional() })
  .default({})

async function cancel(runner: Runner, id: string, request: Request): Promise<Response> {
  const { limerick } = parse(CancelBody, await maybeJsonOf(request))
  return Response.json(await runner.cancel(id, limerick?.keep))
}

async function cannotPause(jobs: JobStore, id: string): Promise<never> {
  await jobs.get(id)
  throw apiError(
    'invalid',
    'The built-in engine does not pause jobs: cancel it, and train its last checkpoint further.',
    {
      code: 'unsupported_action',
    },
  )
}

export const fineTuningRoutes = (jobs: JobStore, runner: Runner): Route[] => [
  { method: 'POST', path: JOBS, answer: ({ request }) => create(jobs, runner, request) },
  {
    method: 'GET',
    path: JOBS,
    answer: async ({ url }) =>
      Response.json(await jobs.list(parse(JobQuery, query(url)), metadataFilter(url))),
  },
  {
    method: 'GET',
    path: `${JOBS}/:id`,
    answer: async ({ params }) => Response.json(await jobs.retrieve(params.id ?? '')),
  },
  {
    method: 'GET',
    path: `${JOBS}/:id/events`,
    answer: async ({ params, url }) =>
      Response.json(await jobs.events(params.id ?? '', parse(EventQuery, query(url)))),
  },
  {
    method: 'GET',
    path: `${JOBS}/:id/checkpoints`,
    answer: async ({ params, url }) =>
      Response.json(await jobs.checkpoints(params.id ?? '', parse(CheckpointQuery, query(url)))),
  },
  {
    method: 'POST',
    path: `${JOBS}/:id/cancel`,
    answer: ({ params, request }) => cancel(runner, params.id ?? '', request),
  },
  { method: 'POST', path: `${JOBS}/:id/pause`, answer: ({ params }) => cannotPause(jobs, params.id ?? '') },
  { method: 'POST', path: `${JOBS}/:id/resume`, answer: ({ params }) => cannotPause(jobs, params.id ?? '') },
]
