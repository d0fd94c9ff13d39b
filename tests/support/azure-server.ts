/**
 * A server that behaves as an Azure OpenAI resource: both surfaces, its key in its own header, deployments, its first state
 * and its files of results.
 */
import { Hono } from 'hono'
import { chatStream, type ProviderServer, serveProvider } from './provider-server.ts'

export const AZURE_KEY = 'azure0canary0that0nobody0may0see0c9W2'
/** An Entra token in its shape. */
export const ENTRA_TOKEN = `eyJhbGciOiJub25lIn0.${'A'.repeat(700)}.c2lnbmF0dXJl`
export const AZURE_BASE = 'gpt-4.1-mini-2025-04-14'
const HEX = '0e208cf33a6a466994aff31a08aba678'

type Thing = Record<string, unknown> & { id: string }

export interface AzureServer extends ProviderServer {
  /** Of the v1 surface, and of the classic one. */
  v1: string
  classic: string
  jobs: Map<string, Thing>
  events: Map<string, Thing[]>
  files: Map<string, { object: Thing; content: string }>
  /** Names of deployments. */
  deployments: Set<string>
  creations: Record<string, unknown>[]
  /** Ends a job well, with its model and its file of results. */
  finish(id: string): string
}

const problem = (code: string, message: string) => ({ error: { code, message } })

const OPEN_WEIGHTS = /^(gpt-oss|Ministral|Llama|Qwen)/

export async function startAzure(): Promise<AzureServer> {
  const jobs = new Map<string, Thing>()
  const events = new Map<string, Thing[]>()
  const files = new Map<string, { object: Thing; content: string }>()
  const deployments = new Set<string>()
  const creations: Record<string, unknown>[] = []
  let count = 0
  const now = () => Math.floor(Date.now() / 1000)
  const idOf = (prefix: string) => `${prefix}-${String(++count).padStart(32, '0')}`

  const api = new Hono()
  const page = (all: readonly Thing[], after: string | undefined, limit = 20) => {
    const from = after ? all.findIndex(({ id }) => id === after) + 1 : 0
    return { object: 'list', data: all.slice(from, from + limit), has_more: from + limit < all.length }
  }
  api.get('/models', (c) =>
    c.json({
      object: 'list',
      data: [
        {
          ...{ id: AZURE_BASE, object: 'model', created_at: 1, lifecycle_status: 'generally-available' },
          capabilities: { fine_tune: true, inference: true, chat_completion: true, embeddings: false },
          deprecation: { fine_tune: 1_807_660_800, inference: 1_823_472_000 },
        },
        {
          ...{ id: 'gpt-35-turbo-0613', object: 'model', created_at: 1 },
          capabilities: { fine_tune: true, inference: true, chat_completion: true },
          deprecation: { fine_tune: 1_700_000_000, inference: 1_710_000_000 },
        },
        {
          ...{ id: 'text-embedding-3-small', object: 'model', created_at: 1 },
          capabilities: { fine_tune: false, chat_completion: false },
        },
        ...[...jobs.values()].flatMap(({ fine_tuned_model: id }) =>
          id ? [{ id, object: 'model', capabilities: { fine_tune: true, chat_completion: true } }] : [],
        ),
      ],
    }),
  )
  api.post('/files', async (c) => {
    const form = await c.req.formData()
    const file = form.get('file') as File
    const content = await file.text()
    const object = {
      ...{ id: idOf('file'), object: 'file', bytes: content.length, created_at: now(), status: 'pending' },
      ...{ filename: file.name, purpose: String(form.get('purpose')) },
    }
    files.set(object.id, { object, content })
    return c.json(object, 201)
  })
  api.get('/files', (c) => {
    const purpose = c.req.query('purpose')
    const all = [...files.values()].map(({ object }) => object)
    return c.json({ object: 'list', data: all.filter((file) => !purpose || file.purpose === purpose) })
  })
  api.get('/files/:id', (c) => {
    const file = files.get(c.req.param('id'))
    return file ? c.json(file.object) : c.json(problem('resourceNotFound', 'File not found.'), 404)
  })
  api.get('/files/:id/content', (c) => c.body(files.get(c.req.param('id'))?.content ?? ''))
  api.post('/fine_tuning/jobs', async (c) => {
    const body = await c.req.json<Record<string, unknown>>()
    creations.push(body)
    const { model, trainingType } = body
    if (OPEN_WEIGHTS.test(String(model)) && trainingType !== 'globalStandard')
      return c.json(problem('invalidPayload', 'This model is trained as globalStandard only.'), 400)
    if (model !== AZURE_BASE)
      return c.json(problem('invalidPayload', 'The specified base model does not support fine-tuning.'), 400)
    const job: Thing = {
      ...{ id: idOf('ftjob'), object: 'fine_tuning.job', status: 'pending', created_at: now(), model },
      ...{ training_file: body.training_file, validation_file: body.validation_file ?? null, trainingType },
      hyperparameters: { n_epochs: -1, batch_size: -1, learning_rate_multiplier: 1 },
      ...{
        result_files: null,
        finished_at: null,
        fine_tuned_model: null,
        error: null,
        metadata: body.metadata,
      },
    }
    jobs.set(job.id, job)
    events.set(job.id, [])
    return c.json(job, 201)
  })
  api.get('/fine_tuning/jobs', (c) =>
    c.json(page([...jobs.values()].reverse(), c.req.query('after'), Number(c.req.query('limit') ?? 20))),
  )
  api.get('/fine_tuning/jobs/:id', (c) => {
    const job = jobs.get(c.req.param('id'))
    return job ? c.json(job) : c.json(problem('resourceNotFound', 'The job was not found.'), 404)
  })
  api.get('/fine_tuning/jobs/:id/events', (c) => {
    const told = (events.get(c.req.param('id')) ?? []).toReversed()
    return c.json(page(told, c.req.query('after'), Number(c.req.query('limit') ?? 20)))
  })
  api.get('/fine_tuning/jobs/:id/checkpoints', (c) => c.json({ object: 'list', data: [], has_more: false }))
  api.post('/fine_tuning/jobs/:id/cancel', (c) => {
    const job = jobs.get(c.req.param('id'))
    if (job) job.status = 'cancelled'
    return c.json(job ?? {})
  })
  const chat = (deployment: string) =>
    deployments.has(deployment)
      ? chatStream(AZURE_BASE, ['Neon ', 'glows.'])
      : Response.json(problem('DeploymentNotFound', 'The API deployment for this resource does not exist.'), {
          status: 404,
        })

  const app = new Hono()
  app.use(async (c, next) => {
    const key = c.req.header('api-key')
    const token = c.req.header('authorization')
    if (key === AZURE_KEY || (key === undefined && token === `Bearer ${ENTRA_TOKEN}`)) return next()
    return c.json(problem('401', 'Access denied due to invalid subscription key or wrong API endpoint.'), 401)
  })
  app.post('/openai/v1/chat/completions', async (c) => chat((await c.req.json<{ model: string }>()).model))
  app.route('/openai/v1', api)
  app.use('/openai/*', async (c, next) =>
    c.req.query('api-version') ? next() : c.json(problem('404', 'Resource not found'), 404),
  )
  app.post('/openai/deployments/:name/chat/completions', (c) => chat(c.req.param('name')))
  app.route('/openai', api)

  const served = await serveProvider(app)
  return {
    ...served,
    v1: `${served.origin}/openai/v1`,
    classic: `${served.origin}/openai?api-version=2024-10-21`,
    ...{ jobs, events, files, deployments, creations },
    finish(id) {
      const job = jobs.get(id)
      if (!job) throw new Error(`There is no ${id}.`)
      const results = idOf('file')
      const content = [
        'step,train_loss,train_mean_token_accuracy,valid_loss,validation_mean_token_accuracy,full_valid_loss,full_valid_mean_token_accuracy',
        '1,1.5,0.5,-1,-1,-1,-1',
        '2,0.5,0.75,0.7,0.7,0.6,0.7',
      ].join('\n')
      const object = {
        id: results,
        object: 'file',
        bytes: content.length,
        created_at: now(),
        filename: 'results.csv',
        purpose: 'fine-tune-results',
        status: 'processed',
      }
      files.set(results, { object, content })
      const model = `${AZURE_BASE}.ft-${HEX}-poems`
      Object.assign(job, {
        status: 'succeeded',
        finished_at: now(),
        fine_tuned_model: model,
        result_files: [results],
      })
      Object.assign(job, {
        trained_tokens: 42,
        hyperparameters: { n_epochs: 3, batch_size: 1, learning_rate_multiplier: 1 },
      })
      return model
    },
  }
}
