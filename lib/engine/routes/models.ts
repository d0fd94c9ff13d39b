import { Hono } from 'hono'
import type { ModelStore } from '../models.ts'
import type { EngineEnv } from './request.ts'

export const modelRoutes = (models: ModelStore) =>
  new Hono<EngineEnv>()
    .get('/', async (c) => c.json(await models.list()))
    .get('/:name', async (c) => c.json(await models.retrieve(c.req.param('name'))))
    .delete('/:name', async (c) => c.json(await models.delete(c.req.param('name'))))
