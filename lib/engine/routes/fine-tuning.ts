import { type Context, Hono } from 'hono'
import { z } from 'zod'
import { parse } from '../api-error.ts'
import { CheckpointQuery, EventQuery, JobQuery, type JobStore, type MetadataFilter } from '../jobs.ts'
import type { Runner } from '../runner.ts'
import { type EngineEnv, jsonOf, maybeJsonOf } from './request.ts'

/** Parses repeated `metadata[key]=value`, or `metadata=null` for jobs without metadata (SDKs send it empty). */
function metadataFilter(query: Record<string, string[]>): MetadataFilter | undefined {
  const [plain] = query.metadata ?? []
  if (plain === 'null' || plain === '') return null
  const pairs = Object.entries(query).flatMap(([name, values]) => {
    const [, key] = /^metadata\[(.*)\]$/.exec(name) ?? []
    return key === undefined ? [] : values.map((value): [string, string] => [key, value])
  })
  return pairs.length > 0 ? pairs : undefined
}

async function create(c: Context<EngineEnv>, jobs: JobStore, runner: Runner): Promise<Response> {
  const job = await jobs.create(await jsonOf(c.env), c.req.header('idempotency-key') ?? null)
  runner.wake()
  return c.json(job)
}

/** Our extension: `keep` saves the current state as a checkpoint. SDKs send no body. */
const CancelBody = z
  .object({ limerick: z.object({ keep: z.boolean().default(false) }).optional() })
  .default({})

async function cancel(c: Context<EngineEnv>, runner: Runner, id: string): Promise<Response> {
  const { limerick } = parse(CancelBody, await maybeJsonOf(c.env))
  return c.json(await runner.cancel(id, limerick?.keep))
}

export const fineTuningRoutes = (jobs: JobStore, runner: Runner) =>
  new Hono<EngineEnv>()
    .post('/', (c) => create(c, jobs, runner))
    .get('/', async (c) =>
      c.json(await jobs.list(parse(JobQuery, c.req.query()), metadataFilter(c.req.queries()))),
    )
    .get('/:id', async (c) => c.json(await jobs.retrieve(c.req.param('id'))))
    .get('/:id/events', async (c) =>
      c.json(await jobs.events(c.req.param('id'), parse(EventQuery, c.req.query()))),
    )
    .get('/:id/checkpoints', async (c) =>
      c.json(await jobs.checkpoints(c.req.param('id'), parse(CheckpointQuery, c.req.query()))),
    )
    .post('/:id/cancel', (c) => cancel(c, runner, c.req.param('id')))
    .post('/:id/pause', async (c) => c.json(await runner.pause(c.req.param('id'))))
    .post('/:id/resume', async (c) => c.json(await runner.resume(c.req.param('id'))))
