import { Hono } from 'hono'
import type { Measurer } from '../measurer.ts'
import type { ModelStore } from '../models.ts'
import type { EngineEnv } from './request.ts'

export const modelRoutes = (models: ModelStore, measurer: Measurer) =>
  new Hono<EngineEnv>()
    .get('/', async (c) => c.json(await models.list()))
    .get('/:name', async (c) => c.json(await models.retrieve(c.req.param('name'))))
    // Ours: how fast this computer trains the model, by one step.
    .post('/:name/measure', async (c) => c.json(await measurer.measure(c.req.param('name'))))
    .delete('/:name', async (c) => c.json(await models.delete(c.req.param('name'))))
