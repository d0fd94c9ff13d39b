/**
 * A server that behaves as Together's: bare arrays, ISO times, events without ids, metrics apart from events, and its own
 * statuses. The test says when a job goes on.
 */
import { Hono } from 'hono'
import { chatStream, type ProviderServer, serveProvider } from './provider-server.ts'

export const TOGETHER_KEY = 'tgp-a-canary-that-nobody-may-see-8R5A'
export const TOGETHER_BASE = 'meta-llama/Meta-Llama-3.1-8B-Instruct-Reference'

interface OwnEvent {
  object: 'fine-tune-event'
  created_at: string
  level: string
  message: string
  type: string
  [field: string]: unknown
}

interface OwnJob {
  id: string
  status: string
  created_at: string
  updated_at: string
  [field: string]: unknown
}

export interface TogetherServer extends ProviderServer {
  baseURL: string
  jobs: Map<string, OwnJob>
  events: Map<string, OwnEvent[]>
  metrics: Map<string, Record<string, number>[]>
  checkpoints: Map<string, object[]>
  files: Map<string, { object: Record<string, unknown>; content: string }>
  /** Bodies of creations, in order. */
  creations: Record<string, unknown>[]
  /** Sets a job's state, with the event that Together tells of it. */
  go(id: string, status: string, type: string, more?: object): void
}

const error = (message: string, code: string | null = null) => ({
  error: { message, type: 'invalid_request_error', param: null, code },
})

export async function startTogether(): Promise<TogetherServer> {
  const [jobs, events, metrics, checkpoints, files] = [
    new Map<string, OwnJob>(),
    new Map<string, OwnEvent[]>(),
    new Map<string, Record<string, number>[]>(),
    new Map<string, object[]>(),
    new Map<string, { object: Record<string, unknown>; content: string }>(),
  ]
  const creations: Record<string, unknown>[] = []
  let count = 0
  // A clock of its own, so that every event has another second.
  let clock = Date.parse('2026-11-20T10:00:00Z')
  const now = () => {
    clock += 1_000
    return new Date(clock).toISOString()
  }

  const app = new Hono().basePath('/v1')
  app.use(async (c, next) => {
    if (c.req.header('authorization') === `Bearer ${TOGETHER_KEY}`) return next()
    return c.json(error('Invalid API key provided.', 'invalid_api_key'), 401)
  })
  app.get('/models', (c) =>
    c.json([
      {
        id: 'meta-llama/Llama-3.3-70B-Instruct-Turbo',
        object: 'model',
        created: 1,
        type: 'chat',
        context_length: 131072,
      },
      { id: 'black-forest-labs/FLUX.1-schnell', object: 'model', created: 0, type: 'image' },
    ]),
  )
  app.post('/files/upload', async (c) => {
    const form = await c.req.formData()
    const file = form.get('file')
    if (!(file instanceof File) || !form.get('file_name') || !form.get('purpose'))
      return c.json(error('file, file_name and purpose are required'), 400)
    const id = `file-${String(++count).padStart(8, '0')}-aaaa`
    const content = await file.text()
    const object = {
      ...{ id, object: 'file', bytes: content.length, created_at: 1_763_000_000 + count },
      ...{ filename: String(form.get('file_name')), purpose: String(form.get('purpose')) },
      ...{ FileType: 'jsonl', Processed: true, processing_status: 'COMPLETED' },
    }
    files.set(id, { object, content })
    return c.json(object)
  })
  app.get('/files', (c) => c.json({ data: [...files.values()].map(({ object }) => object) }))
  app.get('/files/:id', (c) => {
    const found = files.get(c.req.param('id'))
    return found ? c.json(found.object) : c.json(error('File not found'), 404)
  })
  app.get('/files/:id/content', (c) => c.body(files.get(c.req.param('id'))?.content ?? ''))
  app.delete('/files/:id', (c) => c.json({ id: c.req.param('id'), deleted: files.delete(c.req.param('id')) }))

  app.get('/fine-tunes/models/supported', (c) => c.json({ models: [TOGETHER_BASE] }))
  app.post('/fine-tunes', async (c) => {
    const body = await c.req.json<Record<string, unknown>>()
    creations.push(body)
    if (body.model !== TOGETHER_BASE)
      return c.json(
        error(`Model ${body.model} is not supported for fine-tuning.`, 'model_not_supported'),
        400,
      )
    if (!files.has(String(body.training_file))) return c.json(error('Training file not found'), 404)
    if (body.n_evals && !body.validation_file) return c.json(error('n_evals needs a validation file'), 400)
    const at = now()
    const id = `ft-${String(++count).padStart(8, '0')}-bbbb`
    const job: OwnJob = {
      ...{
        id,
        status: 'pending',
        created_at: at,
        updated_at: at,
        user_id: 'me',
        token_count: 0,
        total_price: 0,
      },
      ...{
        training_type: { type: 'Lora', lora_r: 8, lora_alpha: 16 },
        batch_size: 'max',
        learning_rate: 0.00001,
      },
      ...body,
    }
    jobs.set(id, job)
    events.set(id, [])
    metrics.set(id, [])
    checkpoints.set(id, [])
    server.go(id, 'pending', 'job_pending')
    return c.json(job)
  })
  app.get('/fine-tunes', (c) => c.json({ data: [...jobs.values()] }))
  app.get('/fine-tunes/:id', (c) => {
    const job = jobs.get(c.req.param('id'))
    return job ? c.json(job) : c.json(error('Fine-tune job not found'), 404)
  })
  app.post('/fine-tunes/:id/cancel', (c) => {
    const id = c.req.param('id')
    server.go(id, 'cancel_requested', 'cancel_requested')
    return c.json(jobs.get(id))
  })
  app.get('/fine-tunes/:id/events', (c) => c.json({ data: events.get(c.req.param('id')) ?? [] }))
  app.get('/fine-tunes/:id/metrics', (c) => c.json({ metrics: metrics.get(c.req.param('id')) ?? [] }))
  app.get('/fine-tunes/:id/checkpoints', (c) => c.json({ data: checkpoints.get(c.req.param('id')) ?? [] }))
  app.get('/finetune/download', (c) => {
    if (c.req.query('checkpoint') !== 'adapter' || !jobs.has(c.req.query('ft_id') ?? ''))
      return c.json(error('Not found'), 404)
    return c.body(`weights of ${c.req.query('ft_id')}`, 200, { 'content-type': 'application/octet-stream' })
  })
  app.post('/chat/completions', async (c) => {
    const { model } = await c.req.json<{ model: string }>()
    return chatStream(model, ['Neon ', 'glows.'])
  })

  const served = await serveProvider(app as unknown as Hono)
  const server: TogetherServer = {
    ...served,
    baseURL: `${served.origin}/v1`,
    ...{ jobs, events, metrics, checkpoints, files, creations },
    go(id, status, type, more = {}) {
      const job = jobs.get(id)
      if (!job) throw new Error(`There is no ${id}.`)
      const at = now()
      Object.assign(job, { status, updated_at: at })
      const message = `Job is ${status}`
      events
        .get(id)
        ?.push({ object: 'fine-tune-event', created_at: at, level: 'info', message, type, ...more })
    },
  }
  return server
}
