import { Readable } from 'node:stream'
import { type Context, Hono } from 'hono'
import { attachment } from '#lib/core/attachment.ts'
import { parse } from '../api-error.ts'
import { FileQuery, type FileStore } from '../files.ts'
import { bytesOf, type EngineEnv } from './request.ts'

async function content(c: Context<EngineEnv>, files: FileStore, id: string): Promise<Response> {
  const { row, bytes } = await files.content(id)
  return c.body(Readable.toWeb(bytes) as ReadableStream, 200, {
    'content-type': 'application/octet-stream',
    'content-length': String(row.bytes),
    'content-disposition': attachment(row.filename),
    'x-content-type-options': 'nosniff',
  })
}

async function create(c: Context<EngineEnv>, files: FileStore): Promise<Response> {
  const length = Number(c.req.header('content-length') ?? 0)
  return c.json(await files.create(bytesOf(c.env), c.req.header('content-type') ?? '', length))
}

export const fileRoutes = (files: FileStore) =>
  new Hono<EngineEnv>()
    .post('/', (c) => create(c, files))
    .get('/', async (c) => c.json(await files.list(parse(FileQuery, c.req.query()))))
    .get('/:id', async (c) => c.json(await files.retrieve(c.req.param('id'))))
    .delete('/:id', async (c) => c.json(await files.delete(c.req.param('id'))))
    .get('/:id/content', (c) => content(c, files, c.req.param('id')))
