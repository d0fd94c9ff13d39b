import { EventEmitter, once } from 'node:events'
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** How the server answers the next creations: normally, a refusal, or an answer lost before or after the job exists. */
type Creation =
  | 'answers'
  | 'refuses'
  | 'closed'
  | 'lost-before'
  | 'lost-after'
  /** Once a sync has seen the job. */
  | 'lost-late'
  | 'fails-after'
  /** Stores no metadata, and answers once a sync has seen the job, or never. */
  | 'slow-bare'
  | 'lost-bare'

/** An OpenAI-compatible training server with faults to switch on. The test advances its jobs. */
export interface TrainingProvider {
  baseURL: string
  key: string
  /** Bodies of all POSTs to create a job, in order. */
  creations: Record<string, unknown>[]
  /** Number of requests per `METHOD path`, with ids replaced. */
  calls: Map<string, number>
  /** Resolves after that many further requests to `METHOD path`. */
  asked(name: string, times: number): Promise<void>
  /** `bare`: no events and no checkpoints, like some servers; `page`: most entries per page. */
  faults: {
    creation: Creation
    ignoresAfter: boolean
    ignoresFilter: boolean
    down: boolean
    bare: boolean
    page: number
    /** Error response to calls; only to that `METHOD path`, if given. */
    refusal: { of?: string; status: number; code: string | null; headers?: Record<string, string> } | null
  }
  /** Answer of `GET /models`. */
  models: { id: string; [field: string]: unknown }[]
  /** Contents of files by id, and further fields of files. */
  files: Map<string, string>
  fileFacts: Map<string, Record<string, unknown>>
  /** Answers that replace the usual ones, by `METHOD path` as in `calls`. */
  instead: Map<string, (response: ServerResponse, url: URL) => void>
  /** Called with the id of each job that is requested singly. */
  onJob: ((id: string) => void) | null
  /** Bodies of all cancel requests. */
  cancels: string[]
  jobs: Map<string, ProviderJob>
  /** Adds an event; newest are served first. */
  tell(jobId: string, event: Partial<ProviderEvent> & { message: string }): void
  close(): Promise<void>
}

interface ProviderJob {
  id: string
  object: 'fine_tuning.job'
  status: string
  model: string
  created_at: number
  [field: string]: unknown
}

interface ProviderEvent {
  id: string
  object: 'fine_tuning.job.event'
  created_at: number
  level: string
  message: string
  type: string
  data: unknown
}

const now = () => Math.floor(Date.now() / 1000)

const bodyOf = async (request: IncomingMessage): Promise<string> => {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part)
  return Buffer.concat(parts).toString('utf8')
}

function json(response: ServerResponse, body: unknown, status = 200, headers = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers })
  response.end(JSON.stringify(body))
}

const problem = (message: string, code: string | null) => ({
  error: { message, type: 'invalid_request_error', param: null, code },
})

export async function startTrainingProvider(): Promise<TrainingProvider> {
  const jobs = new Map<string, ProviderJob>()
  const events = new Map<string, ProviderEvent[]>()
  const files = new Map<string, string>()
  const fileFacts: TrainingProvider['fileFacts'] = new Map()
  const instead: TrainingProvider['instead'] = new Map()
  const cancels: string[] = []
  const creations: Record<string, unknown>[] = []
  const calls = new Map<string, number>()
  const news = new EventEmitter()
  const models: TrainingProvider['models'] = []
  const faults: TrainingProvider['faults'] = {
    creation: 'answers',
    ignoresAfter: false,
    ignoresFilter: false,
    down: false,
    bare: false,
    page: 20,
    refusal: null,
  }
  let count = 0

  const asked: TrainingProvider['asked'] = async (name, times) => {
    for (let left = times; left > 0; left--) await once(news, name)
  }

  /** A sync requests the next list after it has processed the one before. */
  const seen = (): Promise<void> => asked('GET /fine_tuning/jobs', 2)

  const make = (body: Record<string, unknown>): ProviderJob => {
    const id = `ftjob-${++count}`
    const job: ProviderJob = {
      ...body,
      id,
      object: 'fine_tuning.job',
      status: 'validating_files',
      model: String(body.model),
      created_at: now(),
      finished_at: null,
      fine_tuned_model: null,
      error: {},
      result_files: [],
    }
    jobs.set(id, job)
    events.set(id, [])
    return job
  }

  async function create(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = JSON.parse(await bodyOf(request)) as Record<string, unknown>
    creations.push(body)
    const { creation } = faults
    if (creation === 'refuses')
      return json(
        response,
        problem('Model is not available for fine-tuning or does not exist.', 'model_not_available'),
        400,
      )
    if (creation === 'closed')
      return json(
        response,
        problem('OpenAI is winding down the fine-tuning platform.', 'training_not_available'),
        403,
      )
    if (creation === 'lost-before') return void response.socket?.destroy()
    const job = make(creation.endsWith('-bare') ? { ...body, metadata: undefined } : body)
    if (creation === 'slow-bare') {
      await seen()
      return json(response, job)
    }
    if (creation === 'lost-after' || creation === 'lost-bare') return void response.socket?.destroy()
    if (creation === 'lost-late') {
      await seen()
      return void response.socket?.destroy()
    }
    if (creation === 'fails-after') return json(response, problem('The server had an error', null), 500)
    json(response, job)
  }

  function list(url: URL, response: ServerResponse): void {
    const wanted = [...url.searchParams].flatMap(([name, value]) => {
      const key = /^metadata\[(.+)\]$/.exec(name)?.[1]
      return key && !faults.ignoresFilter ? [[key, value] as const] : []
    })
    const data = [...jobs.values()]
      .filter(({ metadata }) =>
        wanted.every(([key, value]) => (metadata as Record<string, string> | undefined)?.[key] === value),
      )
      .reverse()
    const after = faults.ignoresAfter ? null : url.searchParams.get('after')
    const from = after ? data.findIndex(({ id }) => id === after) + 1 : 0
    const end = from + Number(url.searchParams.get('limit') ?? 20)
    json(response, {
      object: 'list',
      data: data.slice(from, end),
      has_more: faults.ignoresAfter || end < data.length,
    })
  }

  function listEvents(id: string, url: URL, response: ServerResponse): void {
    const all = (events.get(id) ?? []).toReversed()
    const after = faults.ignoresAfter ? null : url.searchParams.get('after')
    const from = after ? all.findIndex((event) => event.id === after) + 1 : 0
    const limit = Math.min(Number(url.searchParams.get('limit') ?? 20), faults.page)
    const data = all.slice(from, from + limit)
    json(response, { object: 'list', data, has_more: faults.ignoresAfter || from + limit < all.length })
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://localhost')
    const path = url.pathname.replace('/v1', '')
    const [, , , id = '', part] = path.split('/')
    const name = `${request.method} ${path.replace(id || '\0', ':id')}`
    calls.set(name, (calls.get(name) ?? 0) + 1)
    news.emit(name)
    if (faults.down) return void response.socket?.destroy()
    const other = instead.get(name)
    if (other) return other(response, url)
    if (faults.refusal && (faults.refusal.of ?? name) === name) {
      const { status, code, headers } = faults.refusal
      return json(response, problem('The provider said no.', code), status, headers)
    }
    if (path === '/models') return json(response, { object: 'list', data: models })
    if (request.method === 'POST' && path === '/files') {
      await bodyOf(request)
      return json(response, {
        id: `file-${++count}`,
        object: 'file',
        bytes: 1,
        created_at: now(),
        filename: 'x',
        purpose: 'fine-tune',
        status: 'processed',
      })
    }
    if (path.endsWith('/content')) return void response.end(files.get(path.split('/')[2] ?? ''))
    if (request.method === 'GET' && path.startsWith('/files/'))
      return json(response, {
        id: path.slice(7),
        object: 'file',
        status: 'processed',
        ...fileFacts.get(path.slice(7)),
      })
    if (request.method === 'POST' && path === '/fine_tuning/jobs') return create(request, response)
    if (path === '/fine_tuning/jobs') return list(url, response)
    if (part === undefined) provider.onJob?.(id)
    const job = jobs.get(id)
    if (!job) return json(response, problem('No such job', 'not_found'), 404)
    if (faults.bare && (part === 'events' || part === 'checkpoints'))
      return json(response, problem('Not Found', null), 404)
    if (part === 'events') return listEvents(id, url, response)
    if (part === 'checkpoints') return json(response, { object: 'list', data: [], has_more: false })
    if (part === 'cancel') {
      cancels.push(await bodyOf(request))
      job.status = 'cancelled'
    }
    if (part === 'pause') job.status = 'pausing'
    if (part === 'resume') job.status = 'queued'
    json(response, job)
  }

  // Keep-alive connections are never closed: only requested faults happen.
  const server = http.createServer(
    { keepAliveTimeout: 0 },
    (request, response) => void answer(request, response),
  )
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const provider: TrainingProvider = {
    baseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    key: 'sk-test-training-key-0001',
    creations,
    calls,
    asked,
    faults,
    models,
    files,
    fileFacts,
    instead,
    onJob: null,
    cancels,
    jobs,
    tell(jobId, event) {
      const told = events.get(jobId) ?? []
      told.push({
        id: `ftevent-${jobId}-${told.length}`,
        object: 'fine_tuning.job.event',
        created_at: now(),
        level: 'info',
        type: 'message',
        data: null,
        ...event,
      })
      events.set(jobId, told)
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
  return provider
}
