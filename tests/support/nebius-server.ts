/**
 * A server that behaves as Nebius Token Factory: files without a status, a job that runs at once, few events and the oldest
 * first, losses and weights in checkpoints alone, and FastAPI's errors.
 */
import { Hono } from 'hono'
import { chatStream, type ProviderServer, serveProvider } from './provider-server.ts'

export const NEBIUS_KEY = 'v1.a-canary-that-nobody-may-see.2X9K'
export const NEBIUS_BASE = 'meta-llama/Llama-3.1-8B-Instruct'

type Thing = Record<string, unknown> & { id: string }

export interface NebiusServer extends ProviderServer {
  baseURL: string
  jobs: Map<string, Thing>
  files: Map<string, { object: Thing; content: string }>
  creations: Record<string, unknown>[]
  /** Tells an event of a job. */
  tell(id: string, message: string): void
  /** Trains a job to its end: two epochs with their checkpoints and adapters. */
  finish(id: string): void
}

const invalid = (loc: string[], msg: string) => ({
  detail: [{ type: 'value_error', loc: ['body', ...loc], msg }],
})

export async function startNebius(): Promise<NebiusServer> {
  const jobs = new Map<string, Thing>()
  const events = new Map<string, Thing[]>()
  const checkpoints = new Map<string, Thing[]>()
  const files = new Map<string, { object: Thing; content: string }>()
  const creations: Record<string, unknown>[] = []
  let count = 0
  let clock = Math.floor(Date.now() / 1000)
  const now = () => {
    clock += 1
    return clock
  }
  const hex = () => String(++count).padStart(32, '0')

  const app = new Hono().basePath('/v1')
  app.use(async (c, next) => {
    if (c.req.header('authorization') === `Bearer ${NEBIUS_KEY}`) return next()
    return c.json({ detail: 'Invalid API key' }, 401)
  })
  app.get('/models', (c) =>
    c.json({
      object: 'list',
      data: [
        { id: 'meta-llama/Meta-Llama-3.1-8B-Instruct', object: 'model', created: 1, owned_by: 'system' },
        { id: 'meta-llama/Meta-Llama-3.1-8B-Instruct-LoRa:poems-JuNN', object: 'model', created: 2 },
        { id: 'BAAI/bge-en-icl', object: 'model', created: 1 },
      ],
    }),
  )
  const store = (filename: string, content: string, purpose: string) => {
    const object = {
      ...{ id: `file-${hex()}`, object: 'file', bytes: content.length, created_at: now(), filename, purpose },
      status: null,
    }
    files.set(object.id, { object, content })
    return object
  }
  app.post('/files', async (c) => {
    const form = await c.req.formData()
    const file = form.get('file') as File
    return c.json(store(file.name, await file.text(), String(form.get('purpose'))))
  })
  app.get('/files', (c) =>
    c.json({ object: 'list', data: [...files.values()].map(({ object }) => object), has_more: false }),
  )
  app.get('/files/:id', (c) => {
    const found = files.get(c.req.param('id'))
    return found ? c.json(found.object) : c.json({ detail: 'File not found' }, 404)
  })
  app.get('/files/:id/content', (c) => c.body(files.get(c.req.param('id'))?.content ?? ''))
  app.post('/fine_tuning/jobs', async (c) => {
    const body = await c.req.json<{ model: string; hyperparameters: Record<string, unknown> }>()
    creations.push(body)
    const rate = body.hyperparameters.learning_rate ?? body.hyperparameters.learning_rate_multiplier
    if (typeof rate === 'number' && rate > 0.1)
      return c.json(
        invalid(['hyperparameters', 'learning_rate'], 'Input should be less than or equal to 0.1'),
        422,
      )
    if (body.model !== NEBIUS_BASE) return c.json({ detail: `Model ${body.model} is not supported` }, 400)
    const id = `ftjob-${hex()}`
    const hyperparameters = {
      batch_size: 8,
      learning_rate: 0.00001,
      n_epochs: 3,
      packing: true,
      ...body.hyperparameters,
    }
    const job = {
      ...body,
      id,
      object: 'fine_tuning.job',
      status: 'running',
      created_at: now(),
      hyperparameters,
    }
    jobs.set(id, {
      ...job,
      fine_tuned_model: null,
      finished_at: null,
      result_files: [],
      trained_tokens: null,
      error: null,
    })
    events.set(id, [
      { id: `ftevent-${hex()}`, created_at: now(), level: 'info', message: 'Job is submitted' },
    ])
    checkpoints.set(id, [])
    return c.json(jobs.get(id))
  })
  app.get('/fine_tuning/jobs', (c) =>
    c.json({ object: 'list', data: [...jobs.values()].reverse(), has_more: false }),
  )
  app.get('/fine_tuning/jobs/:id', (c) => {
    const job = jobs.get(c.req.param('id'))
    return job ? c.json(job) : c.json({ detail: 'Job not found' }, 404)
  })
  app.get('/fine_tuning/jobs/:id/events', (c) => {
    const { after, limit = '20' } = c.req.query()
    const all = events.get(c.req.param('id')) ?? []
    const from = after === undefined ? 0 : all.findIndex(({ id }) => id === after) + 1
    const end = from + Number(limit)
    return c.json({ object: 'list', data: all.slice(from, end), has_more: end < all.length })
  })
  app.get('/fine_tuning/jobs/:id/checkpoints', (c) =>
    c.json({ object: 'list', data: checkpoints.get(c.req.param('id')) ?? [], has_more: false }),
  )
  app.post('/chat/completions', async (c) => {
    const { model } = await c.req.json<{ model: string }>()
    return chatStream(model, ['Neon ', 'glows.'])
  })

  const tell = (id: string, message: string) =>
    events.get(id)?.push({ id: `ftevent-${hex()}`, created_at: now(), level: 'info', message })

  const served = await serveProvider(app as unknown as Hono)
  return {
    ...served,
    baseURL: `${served.origin}/v1`,
    ...{ jobs, files, creations, tell },
    finish(id) {
      const job = jobs.get(id)
      if (!job) throw new Error(`There is no ${id}.`)
      tell(id, "Dataset 'training' processed successfully")
      for (const [epoch, train_loss, valid_loss] of [
        [1, 3.5, 3.25],
        [2, 0, 2.5],
      ] as const) {
        const adapter = store(
          `ckpt_${epoch}/adapter_model.safetensors`,
          `adapter of epoch ${epoch}`,
          'fine-tune-results',
        )
        checkpoints.get(id)?.push({
          ...{
            id: `ftckpt_${hex()}`,
            object: 'fine_tuning.job.checkpoint',
            created_at: now(),
            fine_tuning_job_id: id,
          },
          ...{ fine_tuned_model_checkpoint: `${id}:${epoch}`, step_number: epoch * 10 },
          ...{ metrics: { train_loss, valid_loss }, result_files: [adapter.id] },
        })
      }
      tell(id, 'Training completed successfully')
      Object.assign(job, {
        status: 'succeeded',
        finished_at: now(),
        trained_tokens: 1_250,
        trained_steps: 20,
        total_steps: 20,
      })
    },
  }
}
