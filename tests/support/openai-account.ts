import http, { type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

/*
 * An OpenAI account with a long history of fine-tuning, as the API serves it: lists by cursor, result files in base64, a
 * file that was deleted. It refuses everything that is not a GET.
 */

/** How much history the account has. The newest job still runs. */
interface Size {
  jobs: number
  /** Steps of the one long training. */
  steps: number
}

export const LONG_JOB = 'ftjob-007'
/** Its training file was deleted. */
const ORPHAN_JOB = 'ftjob-003'
export const DELETED_FILE = 'file-train-03'
/** Its model was deleted. */
export const DELETED_MODEL_JOB = 'ftjob-005'

interface Entry {
  id: string
  [field: string]: unknown
}

interface Faults {
  /** Every so many requests in a row are answered, then as many are refused with 429. */
  storm: { every: number; retryAfterMs: number } | null
  /** Downloads that end early, by file id, and how often; `quietly`: as if they were whole. */
  cuts: Map<string, { times: number; quietly: boolean }>
  /** Lists, by path, that send their first page for a cursor, and how often. */
  ignoresAfter: Map<string, number>
  /** Also for one page of everything. */
  ignoresLimit: boolean
  /** ms before each answer. */
  delay: number
  down: boolean
  /** The key is refused. */
  badKey: boolean
}

export interface OpenaiAccount {
  baseURL: string
  key: string
  /** `METHOD path` of each request, in order. */
  requests: string[]
  /** Most requests that were under way at once. */
  most(): number
  /** Bytes of answers that were sent. */
  sent(): number
  faults: Faults
  runningJob: string
  jobs: Entry[]
  events: Map<string, Entry[]>
  checkpoints: Map<string, Entry[]>
  files: Map<string, { object: Entry; content: Buffer }>
  models: Entry[]
  /** Ends all faults and forgets the requests. */
  heal(): void
  close(): Promise<void>
}

const BEGAN = 1_760_000_000

const number = (n: number, width = 3): string => String(n).padStart(width, '0')

const row = (n: number, row: number): string =>
  JSON.stringify({
    messages: [
      { role: 'system', content: 'You answer in one line. أجب بسطر واحد.' },
      { role: 'user', content: `Question ${row} of data ${n}?` },
      { role: 'assistant', content: `Answer ${row}, “quoted” and with an emoji 🌧.` },
    ],
  })

const training = (n: number): Buffer =>
  Buffer.from(Array.from({ length: 12 }, (_, index) => `${row(n, index)}\n`).join(''))

const lossOf = (step: number): number => Number((2 / (1 + step / 10)).toFixed(4))

const resultCsv = (steps: number): string =>
  `step,train_loss,train_accuracy,valid_loss,valid_mean_token_accuracy\n${Array.from(
    { length: steps },
    (_, index) => `${index + 1},${lossOf(index + 1)},0.${(index % 9) + 1},,\n`,
  ).join('')}`

const stepEvent = (job: string, step: number, steps: number): Entry => ({
  object: 'fine_tuning.job.event',
  id: `ftevent-${job}-${number(step, 6)}`,
  created_at: BEGAN + step,
  level: 'info',
  message: `Step ${step}/${steps}: training loss=${lossOf(step).toFixed(2)}`,
  type: 'metrics',
  data: { step, total_steps: steps, train_loss: lossOf(step), train_mean_token_accuracy: 0.5 },
})

const said = (job: string, place: string, at: number, message: string): Entry => ({
  object: 'fine_tuning.job.event',
  id: `ftevent-${job}-${place}`,
  created_at: at,
  level: 'info',
  message,
  type: 'message',
  data: {},
})

/** Newest first, as OpenAI lists them. */
const eventsOf = (job: string, steps: number): Entry[] =>
  [
    said(job, 'a', BEGAN, `Created fine-tuning job: ${job}`),
    ...Array.from({ length: steps }, (_, index) => stepEvent(job, index + 1, steps)),
    said(job, 'z', BEGAN + steps + 1, 'The job has successfully completed'),
  ].reverse()

const modelOf = (n: number): string => `ft:gpt-4o-mini-2024-07-18:acme:voice-${n % 10}:${number(n)}AbCdE`

const checkpointOf = (job: string, n: number, step: number): Entry => ({
  object: 'fine_tuning.job.checkpoint',
  id: `ftckpt_${job}_${step}`,
  created_at: BEGAN + step,
  fine_tuned_model_checkpoint: `${modelOf(n)}:ckpt-step-${step}`,
  fine_tuning_job_id: job,
  step_number: step,
  metrics: { step, train_loss: lossOf(step) },
})

const fileObject = (id: string, filename: string, purpose: string, bytes: number): Entry => ({
  object: 'file',
  id,
  purpose,
  filename,
  bytes,
  created_at: BEGAN,
  status: 'processed',
  status_details: null,
})

/** What the account has, before any fault. */
function history({ jobs: jobCount, steps: longest }: Size) {
  const files: OpenaiAccount['files'] = new Map()
  const events: OpenaiAccount['events'] = new Map()
  const checkpoints: OpenaiAccount['checkpoints'] = new Map()
  const add = (id: string, filename: string, purpose: string, content: Buffer, bytes = content.length) =>
    void files.set(id, { object: fileObject(id, filename, purpose, bytes), content })
  for (let n = 0; n < 10; n++) add(`file-train-0${n}`, `data ${n}.jsonl`, 'fine-tune', training(n))
  for (let n = 0; n < 5; n++) add(`file-spare-${n}`, `spare-${n}.jsonl`, 'fine-tune', training(20 + n))
  add('file-valid', 'held-out.jsonl', 'fine-tune', training(50))
  add('file-other', 'notes.txt', 'assistants', Buffer.from('no business of fine-tuning'))
  const jobs = Array.from({ length: jobCount }, (_, n): Entry => {
    const id = `ftjob-${number(n)}`
    const steps = id === LONG_JOB ? longest : 10
    const isRunning = n === jobCount - 1
    events.set(id, eventsOf(id, steps))
    checkpoints.set(id, isRunning ? [] : [checkpointOf(id, n, steps), checkpointOf(id, n, steps / 2)])
    const csv = Buffer.from(resultCsv(steps))
    // OpenAI sends a result as base64; its record has the size of the CSV.
    const content = n % 2 === 0 ? Buffer.from(csv.toString('base64')) : csv
    if (!isRunning)
      add(`file-result-${number(n)}`, 'step_metrics.csv', 'fine-tune-results', content, csv.length)
    return {
      object: 'fine_tuning.job',
      id,
      model: 'gpt-4o-mini-2024-07-18',
      created_at: BEGAN + n * 3600,
      finished_at: isRunning ? null : BEGAN + n * 3600 + 900,
      fine_tuned_model: isRunning ? null : modelOf(n),
      organization_id: 'org-acme',
      result_files: isRunning ? [] : [`file-result-${number(n)}`],
      status: isRunning ? 'running' : 'succeeded',
      validation_file: n % 4 === 0 ? 'file-valid' : null,
      training_file: `file-train-0${n % 10}`,
      hyperparameters: { n_epochs: 1, batch_size: 1, learning_rate_multiplier: 1.8 },
      trained_tokens: isRunning ? null : 5_000,
      error: {},
      user_provided_suffix: `voice-${n % 10}`,
      seed: n,
      metadata: null,
      integrations: [],
    }
  }).reverse()
  const orphan = jobs.find(({ id }) => id === ORPHAN_JOB)
  for (const job of jobs)
    if (job.training_file === DELETED_FILE && job !== orphan) job.training_file = 'file-train-00'
  files.delete(DELETED_FILE)
  const models: Entry[] = [
    {
      id: 'gpt-4o-mini-2024-07-18',
      object: 'model',
      created: 1,
      owned_by: 'system',
      shutdown_date: '2027-01-14',
    },
    ...jobs.flatMap(({ id, fine_tuned_model }) =>
      fine_tuned_model && id !== DELETED_MODEL_JOB
        ? [
            {
              id: String(fine_tuned_model),
              object: 'model',
              created: BEGAN,
              owned_by: 'acme',
              shutdown_date: '2027-01-14',
            },
          ]
        : [],
    ),
  ]
  return { runningJob: `ftjob-${number(jobCount - 1)}`, jobs, events, checkpoints, files, models }
}

const problem = (message: string, code: string | null) => ({
  error: { message, type: 'invalid_request_error', param: null, code },
})

/** Most entries of a page, by list. */
const MOST: Record<string, number> = { files: 10_000 }

export async function startOpenaiAccount(size: Size): Promise<OpenaiAccount> {
  const well = (): Faults => ({
    storm: null,
    cuts: new Map(),
    ignoresAfter: new Map(),
    ignoresLimit: true,
    delay: 0,
    down: false,
    badKey: false,
  })
  const faults = well()
  const requests: string[] = []
  const account = history(size)
  let open = 0
  let most = 0
  let sent = 0

  function send(response: ServerResponse, body: Buffer, headers: Record<string, string>, status = 200): void {
    sent += body.length
    response.writeHead(status, { 'content-length': String(body.length), ...headers })
    response.end(body)
  }
  const json = (response: ServerResponse, body: unknown, status = 200, headers = {}) =>
    send(
      response,
      Buffer.from(JSON.stringify(body)),
      { 'content-type': 'application/json', ...headers },
      status,
    )
  const missing = (response: ServerResponse, what: string) =>
    json(response, problem(`No such ${what}`, null), 404)

  function page(response: ServerResponse, all: readonly Entry[], url: URL, most = 100) {
    const asked = Number(url.searchParams.get('limit') ?? 20)
    const limit = Math.min(asked, asked > 1_000 && !faults.ignoresLimit ? asked : most)
    const ignored = faults.ignoresAfter.get(url.pathname) ?? 0
    const cursor = url.searchParams.get('after')
    if (cursor !== null && ignored > 0) faults.ignoresAfter.set(url.pathname, ignored - 1)
    const after = ignored > 0 ? null : cursor
    const from = after === null ? 0 : all.findIndex(({ id }) => id === after) + 1
    const data = all.slice(from, from + limit)
    json(response, { object: 'list', data, has_more: from + limit < all.length })
  }

  function download(response: ServerResponse, id: string) {
    const file = account.files.get(id)
    if (!file) return missing(response, `File object: ${id}`)
    const cut = faults.cuts.get(id)
    const type = { 'content-type': 'application/octet-stream' }
    if (!cut || cut.times <= 0) return send(response, file.content, type)
    cut.times--
    const half = file.content.subarray(0, file.content.length >> 1)
    sent += half.length
    response.writeHead(200, cut.quietly ? type : { ...type, 'content-length': String(file.content.length) })
    if (cut.quietly) response.end(half)
    else response.write(half, () => response.socket?.destroy())
  }

  /** A storm: after some answers, as many refusals. */
  const refuses = (): boolean =>
    faults.storm !== null && Math.floor(requests.length / faults.storm.every) % 2 === 1

  function answer(response: ServerResponse, url: URL) {
    const [, , room = '', id = '', third = '', part] = url.pathname.split('/').map(decodeURIComponent)
    if (room === 'models') {
      if (!id) return json(response, { object: 'list', data: account.models })
      const model = account.models.find((one) => one.id === id)
      return model ? json(response, model) : missing(response, `model: ${id}`)
    }
    if (room === 'files') {
      const purpose = url.searchParams.get('purpose')
      const all = [...account.files.values()].map(({ object }) => object)
      if (!id)
        return page(
          response,
          all.filter((one) => !purpose || one.purpose === purpose),
          url,
          MOST.files,
        )
      if (third === 'content') return download(response, id)
      const file = account.files.get(id)
      return file ? json(response, file.object) : missing(response, `File object: ${id}`)
    }
    if (room !== 'fine_tuning' || id !== 'jobs') return missing(response, 'address')
    if (!third) return page(response, account.jobs, url)
    const job = account.jobs.find((one) => one.id === third)
    if (!job) return missing(response, 'job')
    if (part === 'events') return page(response, account.events.get(third) ?? [], url)
    if (part === 'checkpoints') return page(response, account.checkpoints.get(third) ?? [], url)
    json(response, job)
  }

  const server = http.createServer({ keepAliveTimeout: 0 }, async (request, response) => {
    open++
    most = Math.max(most, open)
    response.on('close', () => open--)
    const url = new URL(request.url ?? '/', 'http://localhost')
    requests.push(`${request.method} ${url.pathname.replace('/v1', '')}${url.search}`)
    if (faults.delay > 0) await wait(faults.delay)
    if (faults.down) return void response.socket?.destroy()
    if (request.method !== 'GET') return json(response, problem('This account is only read.', null), 405)
    if (faults.badKey) return json(response, problem('Incorrect API key provided', 'invalid_api_key'), 401)
    if (refuses())
      return json(response, problem('Rate limit reached', 'rate_limit_exceeded'), 429, {
        'retry-after-ms': String(faults.storm?.retryAfterMs),
      })
    answer(response, url)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    baseURL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    key: 'sk-test-account-key-0001',
    requests,
    most: () => most,
    sent: () => sent,
    faults,
    ...account,
    heal() {
      Object.assign(faults, well())
      requests.length = 0
    },
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections()
        server.close(() => resolve())
      }),
  }
}
