/**
 * A server that behaves as Fireworks': resources under an account, states with a prefix, pages by token, a dataset made
 * before its file is sent, two collections of jobs, and answers elsewhere.
 */
import { type Context, Hono } from 'hono'
import { chatStream, type ProviderServer, serveProvider } from './provider-server.ts'

export const FIREWORKS_KEY = 'fw-a-canary-that-nobody-may-see-3T6B'
export const FIREWORKS_BASE = 'accounts/fireworks/models/llama-v3p1-8b-instruct'
export const ACCOUNT = 'accounts/me'

type Thing = Record<string, unknown> & { name: string }

export interface FireworksServer extends ProviderServer {
  baseURL: string
  jobs: Map<string, Thing>
  datasets: Map<string, { object: Thing; content: string | null }>
  models: Map<string, Thing>
  /** Bodies of creations with their collection, in order. */
  creations: { collection: string; body: Record<string, unknown> }[]
  /** Entries of a page. */
  page: number
  /** Sets the state of a job by its name, without its prefix. */
  go(name: string, state: string, more?: object): void
}

/** Errors of a gRPC gateway. */
const problem = (code: number, message: string) => ({ code, message, details: [] })

export async function startFireworks(): Promise<FireworksServer> {
  const jobs = new Map<string, Thing>()
  const datasets = new Map<string, { object: Thing; content: string | null }>()
  const models = new Map<string, Thing>()
  const creations: FireworksServer['creations'] = []
  let count = 0
  const now = () => new Date().toISOString()

  const app = new Hono()
  app.use(async (c, next) => {
    if (c.req.header('authorization') === `Bearer ${FIREWORKS_KEY}`) return next()
    return c.json({ error: { object: 'error', type: 'UNAUTHORIZED', message: 'Invalid API key.' } }, 401)
  })
  const list = (c: Context, field: string, all: readonly Thing[]) => {
    const from = Number(c.req.query('pageToken') ?? 0)
    const end = from + Math.min(server.page, Number(c.req.query('pageSize') ?? 50))
    const nextPageToken = end < all.length ? String(end) : ''
    return c.json({ [field]: all.slice(from, end), nextPageToken, totalSize: all.length })
  }
  const own = new Hono()
  own.get('/models', (c) => list(c, 'models', [...models.values()]))
  own.delete('/models/:id', (c) => {
    const gone = models.delete(`${ACCOUNT}/models/${c.req.param('id')}`)
    return gone ? c.json({}) : c.json(problem(5, 'model not found'), 404)
  })
  own.post('/datasets', async (c) => {
    const { datasetId, dataset } = await c.req.json<{ datasetId: string; dataset: object }>()
    if (!/^[a-z0-9-]{1,63}$/.test(datasetId)) return c.json(problem(3, 'invalid dataset id'), 400)
    const object = {
      name: `${ACCOUNT}/datasets/${datasetId}`,
      createTime: now(),
      state: 'UPLOADING',
      ...dataset,
    }
    datasets.set(datasetId, { object, content: null })
    return c.json(object)
  })
  own.get('/datasets', (c) =>
    list(
      c,
      'datasets',
      [...datasets.values()].map(({ object }) => object),
    ),
  )
  own.get('/datasets/:id', (c) => {
    const found = datasets.get(c.req.param('id'))
    return found ? c.json(found.object) : c.json(problem(5, 'dataset not found'), 404)
  })
  own.delete('/datasets/:id', (c) =>
    datasets.delete(c.req.param('id')) ? c.json({}) : c.json(problem(5, 'dataset not found'), 404),
  )
  own.post('/datasets/:verb{.+:upload}', async (c) => {
    const found = datasets.get(c.req.param('verb').replace(/:upload$/, ''))
    const file = (await c.req.formData()).get('file')
    if (!found || !(file instanceof File)) return c.json(problem(3, 'file is required'), 400)
    found.content = await file.text()
    found.object.state = 'READY'
    return c.json({ id: found.object.name, object: 'file', bytes: file.size })
  })
  for (const collection of ['supervisedFineTuningJobs', 'dpoJobs']) {
    own.get(`/${collection}`, (c) =>
      list(
        c,
        collection,
        [...jobs.values()].filter(({ name }) => name.includes(`/${collection}/`)).reverse(),
      ),
    )
    own.post(`/${collection}`, async (c) => {
      const body = await c.req.json<Record<string, unknown>>()
      creations.push({ collection, body })
      const training = (body.trainingConfig ?? body) as Record<string, unknown>
      const from = training.baseModel ?? training.warmStartFrom
      if (from !== FIREWORKS_BASE && !models.has(String(from)))
        return c.json(problem(3, `base model ${from} is not tunable`), 400)
      const name = `${ACCOUNT}/${collection}/job-${++count}`
      const job = {
        name,
        createTime: now(),
        state: 'JOB_STATE_CREATING',
        status: { code: 'OK', message: '' },
        ...body,
      }
      jobs.set(name, job)
      return c.json(job)
    })
    own.get(`/${collection}/:id`, (c) => {
      const job = jobs.get(`${ACCOUNT}/${collection}/${c.req.param('id')}`)
      // A signed address changes with each answer.
      return job
        ? c.json({ ...job, metricsFileSignedUrl: `https://storage.example.org/m?X-Signature=${++count}` })
        : c.json(problem(5, 'job not found'), 404)
    })
    own.post(`/${collection}/:verb{.+:cancel}`, (c) => {
      const name = `${ACCOUNT}/${collection}/${c.req.param('verb').replace(/:cancel$/, '')}`
      if (!jobs.has(name)) return c.json(problem(5, 'job not found'), 404)
      server.go(name, 'CANCELLED')
      return c.json({})
    })
  }
  app.route(`/v1/${ACCOUNT}`, own)
  app.get('/v1/accounts/fireworks/models', (c) =>
    list(c, 'models', [
      {
        name: FIREWORKS_BASE,
        kind: 'HF_BASE_MODEL',
        state: 'READY',
        tunable: true,
        trainingContextLength: 32_768,
      },
      {
        name: 'accounts/fireworks/models/deepseek-v3',
        kind: 'HF_BASE_MODEL',
        state: 'READY',
        tunable: false,
      },
      { name: 'accounts/fireworks/models/flux-1-dev', kind: 'FLUMINA_BASE_MODEL', state: 'READY' },
    ]),
  )
  app.post('/inference/v1/chat/completions', async (c) => {
    const { model } = await c.req.json<{ model: string }>()
    return chatStream(model, ['Neon ', 'glows.'])
  })

  const served = await serveProvider(app)
  const server: FireworksServer = {
    ...served,
    baseURL: `${served.origin}/v1/${ACCOUNT}`,
    ...{ jobs, datasets, models, creations, page: 2 },
    go(name, state, more = {}) {
      const job = jobs.get(name)
      if (!job) throw new Error(`There is no ${name}.`)
      const ended = ['COMPLETED', 'FAILED', 'CANCELLED', 'EARLY_STOPPED'].includes(state)
      Object.assign(job, { state: `JOB_STATE_${state}`, ...(ended && { completedTime: now() }), ...more })
    },
  }
  return server
}
