import { Hono } from 'hono'
import { z } from 'zod'
import { parse } from '../api-error.ts'
import type { ModelStore } from '../models.ts'
import type { Trainers } from '../trainers/trainers.ts'
import type { VllmServer } from '../vllm.ts'
import type { WireTrainers } from '../wire.ts'
import type { EngineEnv } from './request.ts'

const ListQuery = z.object({ refresh: z.stringbool().default(false) })
const NeedsQuery = z.object({ method: z.enum(['full', 'lora', 'qlora']).optional() })
const Trainer = z.object({ trainer: z.enum(['onnx', 'trl']) })

/** What can train and answer here, and what a training would take. Outside `/v1`: only the studio reaches these paths. */
export function trainerRoutes(trainers: Trainers, models: ModelStore, vllm: VllmServer | null) {
  const list = async (refresh = false): Promise<WireTrainers> => ({
    ...(await trainers.list(refresh)),
    vllm: vllm?.state(refresh) ?? null,
  })
  return new Hono<EngineEnv>()
    .get('/', async (c) => c.json(await list(parse(ListQuery, c.req.query()).refresh)))
    .post('/environment', async (c) => {
      await trainers.environment?.begin()
      return c.json(await list())
    })
    .delete('/environment', async (c) => {
      await trainers.environment?.cancel()
      return c.json(await list())
    })
    .get('/:trainer/models/:name', async (c) => {
      const { trainer } = parse(Trainer, c.req.param())
      const { method } = parse(NeedsQuery, c.req.query())
      return c.json(await trainers.needs(trainer, await models.get(c.req.param('name')), method))
    })
}
