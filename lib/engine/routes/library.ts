import { Hono } from 'hono'
import type { Measurer } from '../measurer.ts'
import type { Library } from '../model-library.ts'
import type { ModelStore } from '../models.ts'
import { type EngineEnv, jsonOf } from './request.ts'

/**
 * Base models that are added, measured and removed while the engine runs, and the room that all models take. Outside `/v1`, which is open to every program with a key:
 * only the studio reaches these paths.
 */
export const libraryRoutes = (library: Library, measurer: Measurer, models: ModelStore) =>
  new Hono<EngineEnv>()
    .get('/models', async (c) => c.json(await library.list()))
    .get('/sizes', async (c) => c.json(await models.sizes()))
    .post('/models', async (c) => c.json(await library.add(await jsonOf(c.env), c.req.raw.signal)))
    .post('/models/check', async (c) => c.json(await library.check(await jsonOf(c.env), c.req.raw.signal)))
    .post('/models/:name/measure', async (c) => c.json(await measurer.measure(c.req.param('name'))))
    .delete('/models/:name', async (c) => c.json(await library.remove(c.req.param('name'))))
    .post('/downloads/:id/pause', async (c) => c.json(await library.pause(c.req.param('id'))))
    .post('/downloads/:id/resume', async (c) => c.json(await library.resume(c.req.param('id'))))
    .delete('/downloads/:id', async (c) => c.json(await library.cancel(c.req.param('id'))))
