import { Readable } from 'node:stream'
import { type Context, Hono } from 'hono'
import { attachment } from '#lib/core/attachment.ts'
import { type ExportStore, exportChoice } from '../exports.ts'
import type { ModelStore } from '../models.ts'
import type { EngineEnv } from './request.ts'

/** Limerick's extension: the formats of a model, or with `format` one of them as a zip file. */
async function exported(c: Context<EngineEnv>, exports: ExportStore): Promise<Response> {
  const name = c.req.param('name') ?? ''
  const choice = exportChoice(c.req.query())
  if (choice === null) return c.json(await exports.offers(name, c.req.raw.signal))
  const { filename, bytes, body } = await exports.open(name, choice, c.req.raw.signal)
  return c.body(Readable.toWeb(body) as ReadableStream, 200, {
    'content-type': 'application/zip',
    'content-length': String(bytes),
    'content-disposition': attachment(filename),
    'x-content-type-options': 'nosniff',
  })
}

export const modelRoutes = (models: ModelStore, exports: ExportStore) =>
  new Hono<EngineEnv>()
    .get('/', async (c) => c.json(await models.list()))
    .get('/:name', async (c) => c.json(await models.retrieve(c.req.param('name'))))
    .get('/:name/export', (c) => exported(c, exports))
    .delete('/:name', async (c) => c.json(await models.delete(c.req.param('name'))))
