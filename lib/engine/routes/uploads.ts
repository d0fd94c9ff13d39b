import { Hono } from 'hono'
import { parse } from '../api-error.ts'
import { UploadCompletion, UploadDraft, type UploadStore } from '../uploads.ts'
import { bytesOf, type EngineEnv, jsonOf } from './request.ts'

export const uploadRoutes = (uploads: UploadStore) =>
  new Hono<EngineEnv>()
    .post('/', async (c) => c.json(await uploads.create(parse(UploadDraft, await jsonOf(c.env)))))
    .post('/:id/parts', async (c) => {
      const length = Number(c.req.header('content-length') ?? 0)
      const form = c.req.header('content-type') ?? ''
      return c.json(await uploads.addPart(c.req.param('id'), bytesOf(c.env), form, length))
    })
    .post('/:id/complete', async (c) =>
      c.json(await uploads.complete(c.req.param('id'), parse(UploadCompletion, await jsonOf(c.env)))),
    )
    .post('/:id/cancel', async (c) => c.json(await uploads.cancel(c.req.param('id'))))
