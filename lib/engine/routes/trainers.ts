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
export const trainerRoutes = (trainers: Trainers, models: ModelStore, vllm: VllmServer | null) =>
  new Hono<EngineEnv>()
    .get('/', async (c) => {
      const { refresh } = parse(ListQuery, c.req.query())
      return c.json({
        ...(await trainers.list(refresh)),
        vllm: vllm?.state(refresh) ?? null,
      } satisfies WireTrainers)
    })
    .get('/:trainer/models/:name', async (c) => {
      const { trainer } = parse(Trainer, c.req.param())
      const { method } = parse(NeedsQuery, c.req.query())
      return c.json(await trainers.needs(trainer, await models.get(c.req.param('name')), method))
    })
