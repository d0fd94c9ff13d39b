import { apiError, parse } from '../api-error.ts'
import { FileQuery, type FileStore } from '../files.ts'
import type { Route } from '../router.ts'
import { streamOf } from '../stream.ts'

/** Any name, in any script, inside a header (RFC 5987). */
const attachment = (filename: string): string =>
  `attachment; filename*=UTF-8''${encodeURIComponent(filename).replace(/['()*]/g, (c) => `%${c.charCodeAt(0).toString(16)}`)}`

async function content(files: FileStore, id: string): Promise<Response> {
  const { row, bytes } = await files.content(id)
  return new Response(streamOf(bytes), {
    headers: {
      'content-type': 'application/octet-stream',
      'content-length': String(row.bytes),
      'content-disposition': attachment(row.filename),
      'x-content-type-options': 'nosniff',
    },
  })
}

async function create(files: FileStore, request: Request): Promise<Response> {
  if (!request.body) throw apiError('invalid', 'The request has no body.')
  const length = Number(request.headers.get('content-length') ?? 0)
  return Response.json(await files.create(request.body, request.headers.get('content-type') ?? '', length))
}

export const fileRoutes = (files: FileStore): Route[] => [
  { method: 'POST', path: '/v1/files', answer: ({ request }) => create(files, request) },
  {
    method: 'GET',
    path: '/v1/files',
    answer: async ({ url }) =>
      Response.json(await files.list(parse(FileQuery, Object.fromEntries(url.searchParams)))),
  },
  {
    method: 'GET',
    path: '/v1/files/:id',
    answer: async ({ params }) => Response.json(await files.retrieve(params.id ?? '')),
  },
  {
    method: 'DELETE',
    path: '/v1/files/:id',
    answer: async ({ params }) => Response.json(await files.delete(params.id ?? '')),
  },
  { method: 'GET', path: '/v1/files/:id/content', answer: ({ params }) => content(files, params.id ?? '') },
]
