/** Fireworks' own API in OpenAI's words: https://docs.fireworks.ai/api-reference, read in November 2026. */
import { z } from 'zod'
import { randomText } from '#lib/core/ids.ts'
import { orNull } from '#lib/core/or-null.ts'
import { INTENT } from '../intent.ts'
import {
  type Adapter,
  ANSWERS,
  asIn,
  askOwn,
  bearer,
  bodyIn,
  type Call,
  expectNoMultiplier,
  newestFirst,
  number,
  type OwnCall,
  pageOf,
  rawOf,
  readOwn,
  refusal,
  secondsOf,
  sendForm,
  setting,
  type Translation,
  text,
  translated,
} from './adapter.ts'
import { formOf } from './form.ts'

const Status = orNull(z.object({ code: text, message: text }))

const Training = {
  outputModel: text,
  baseModel: text,
  warmStartFrom: text,
  epochs: number,
  learningRate: number,
  batchSizeSamples: number,
}

/** A supervised job has its settings at the top, one on pairs under `trainingConfig`. */
const OwnJob = z.looseObject({
  name: z.string(),
  displayName: text,
  createTime: text,
  completedTime: text,
  state: z.string(),
  status: Status,
  dataset: text,
  evaluationDataset: text,
  ...Training,
  trainingConfig: orNull(z.object(Training)),
})
type OwnJob = z.infer<typeof OwnJob>

const OwnDataset = z.looseObject({
  name: z.string(),
  displayName: text,
  createTime: text,
  state: text,
  status: Status,
})

const OwnModel = z.looseObject({
  name: z.string(),
  createTime: text,
  state: text,
  kind: text,
  tunable: orNull(z.boolean()),
  trainingContextLength: number,
  deprecationDate: orNull(z.object({ year: z.number(), month: z.number(), day: z.number() })),
})
type OwnModel = z.infer<typeof OwnModel>

/** The two kinds of jobs, by the name of their collection. */
const KINDS = { supervised: 'supervisedFineTuningJobs', dpo: 'dpoJobs' } as const
type Kind = keyof typeof KINDS

const lastOf = (name: string | null | undefined): string => name?.split('/').at(-1) ?? ''

/** OpenAI's words for a state; what is here not stays as it is, and has not ended. */
const STATUSES: Record<string, string> = {
  CREATING: 'queued',
  PENDING: 'queued',
  RE_QUEUEING: 'queued',
  VALIDATING: 'validating_files',
  RUNNING: 'running',
  WRITING_RESULTS: 'running',
  PAUSED: 'paused',
  COMPLETED: 'succeeded',
  EARLY_STOPPED: 'succeeded',
  FAILED: 'failed',
  EXPIRED: 'failed',
  CANCELLED: 'cancelled',
  DELETED: 'cancelled',
}

function statusOf({ state }: OwnJob): string {
  const word = state.replace(/^JOB_STATE_/, '')
  return STATUSES[word] ?? word.toLowerCase()
}

/** The kind of a job stands in its id here: the two collections may hold the same one. */
const PAIRS = 'dpo:'
const kindOf = ({ name }: OwnJob): Kind => (name.includes(`/${KINDS.dpo}/`) ? 'dpo' : 'supervised')
const idOf = (job: OwnJob): string => `${kindOf(job) === 'dpo' ? PAIRS : ''}${lastOf(job.name)}`

/** Our intent in a job's name for people: there is no other place for it. */
const OURS = /\b(run_[A-Za-z0-9]{24})$/

function methodOf(job: OwnJob) {
  const { epochs, learningRate, batchSizeSamples } = job.trainingConfig ?? job
  const hyperparameters = {
    n_epochs: epochs ?? 'auto',
    batch_size: batchSizeSamples ?? 'auto',
    learning_rate: learningRate ?? 'auto',
  }
  const kind = kindOf(job)
  return { type: kind, [kind]: { hyperparameters } }
}

function jobOf(job: OwnJob) {
  const status = statusOf(job)
  const { outputModel, baseModel, warmStartFrom } = job.trainingConfig ?? job
  const intent = OURS.exec(job.displayName ?? '')?.[1]
  const failed = status === 'failed'
  return {
    ...{ id: idOf(job), object: 'fine_tuning.job', status, created_at: secondsOf(job.createTime) ?? 0 },
    finished_at: secondsOf(job.completedTime),
    model: baseModel ?? warmStartFrom ?? '',
    fine_tuned_model: status === 'succeeded' ? (outputModel ?? null) : null,
    organization_id: '',
    training_file: lastOf(job.dataset),
    validation_file: lastOf(job.evaluationDataset) || null,
    result_files: [],
    trained_tokens: null,
    suffix: job.displayName?.replace(OURS, '').trim() || null,
    method: methodOf(job),
    hyperparameters: null,
    metadata: intent ? { [INTENT]: intent } : null,
    error: failed
      ? { code: job.status?.code ?? 'failed', message: job.status?.message ?? '', param: null }
      : null,
    limerick: { provider_raw: rawOf(job) },
  }
}

/** A dataset is a file here: its name for people is that of the file. */
function fileOf(dataset: z.infer<typeof OwnDataset>) {
  const { name, displayName, createTime, state, status } = dataset
  const problem = status?.code && status.code !== 'OK' ? (status.message ?? status.code) : null
  return {
    ...{ id: lastOf(name), object: 'file', bytes: null, created_at: secondsOf(createTime) ?? 0 },
    ...{ filename: displayName || lastOf(name), purpose: 'fine-tune' },
    status: problem ? 'error' : state === 'READY' ? 'processed' : 'uploaded',
    status_details: problem,
    limerick: { provider_raw: rawOf(dataset) },
  }
}

/** Kinds of models that chat: bases, and adapters on them. */
const CHATS = ['HF_BASE_MODEL', 'HF_PEFT_ADDON', 'CUSTOM_MODEL', 'LIVE_MERGE']

function modelOf(model: OwnModel) {
  const { name, createTime, kind, tunable, trainingContextLength, deprecationDate: end } = model
  const isTuned = kind === 'HF_PEFT_ADDON' || kind === 'LIVE_MERGE'
  const day = (part: number) => String(part).padStart(2, '0')
  return {
    ...{ id: name, object: 'model', created: secondsOf(createTime) },
    shutdown_date: end ? `${end.year}-${day(end.month)}-${day(end.day)}` : null,
    limerick: {
      ...{ kind: isTuned ? 'fine-tuned' : 'base', trainable: isTuned || tunable === true },
      context: trainingContextLength || null,
    },
  }
}

const Hyper = z.object({ hyperparameters: z.record(z.string(), z.unknown()).nullish() }).nullish()

const Creation = z.object({
  model: z.string().min(1),
  training_file: z.string().min(1),
  validation_file: text,
  suffix: text,
  metadata: z.record(z.string(), z.string()).nullish(),
  method: z.object({ supervised: Hyper, dpo: Hyper }).nullish(),
})

/** What Fireworks would not do is refused before anything is sent. */
function expectOffered(hyper: Record<string, unknown>, asked: z.infer<typeof Creation>): void {
  const refuse = (param: string, why: string) => refusal(why, { code: 'unsupported_parameter', param })
  expectNoMultiplier('Fireworks', hyper)
  if (asked.method?.dpo && hyper.beta !== undefined)
    throw refuse('beta', 'Fireworks takes no beta: its own is used.')
  if (asked.method?.dpo && asked.validation_file)
    throw refuse('validation_file', 'Fireworks validates no job on pairs.')
}

function creationOf(asked: z.infer<typeof Creation>, account: string, isTuned: boolean) {
  const { model, training_file, validation_file, suffix, metadata, method } = asked
  const hyper = (method?.dpo ?? method?.supervised)?.hyperparameters ?? {}
  expectOffered(hyper, asked)
  const dataset = (id: string) => `${account}/datasets/${id}`
  const training = {
    ...(isTuned ? { warmStartFrom: model } : { baseModel: model }),
    ...setting('epochs', hyper.n_epochs),
    ...setting('batchSizeSamples', hyper.batch_size),
    ...setting('learningRate', hyper.learning_rate),
    ...(suffix ? { outputModel: `${account}/models/${suffix}-${randomText(8).toLowerCase()}` } : {}),
  }
  return {
    displayName: [suffix, metadata?.[INTENT]].filter(Boolean).join(' ') || 'Limerick',
    dataset: dataset(training_file),
    ...(validation_file ? { evaluationDataset: dataset(validation_file) } : {}),
    ...(method?.dpo ? { trainingConfig: training } : training),
  }
}

/** Entries of a page; and pages read at most, if there are always more. */
const PAGE = 200
const MOST_PAGES = 100

function routes(app: Translation, baseURL: string, send: typeof fetch): void {
  const { origin, pathname } = new URL(baseURL)
  const account = pathname.replace(/^\/v1\//, '')

  const ask = (c: Call, path: string, call: OwnCall = {}) =>
    askOwn(send, `${baseURL}${path}`, { ...asIn(c), ...call })

  /** Every entry of a collection, page by page. */
  async function all<Entry extends z.ZodType>(c: Call, address: string, field: string, entry: Entry) {
    const found: z.infer<Entry>[] = []
    const Page = z.looseObject({ [field]: z.array(z.unknown()).nullish(), nextPageToken: text })
    let token = ''
    for (let page = 0; page < MOST_PAGES; page++) {
      const query = new URLSearchParams({ pageSize: String(PAGE), ...(token && { pageToken: token }) })
      const read = await readOwn(await askOwn(send, `${address}?${query}`, asIn(c)), Page)
      const served = z.array(z.unknown()).nullish().parse(read[field]) ?? []
      found.push(...served.flatMap((one) => entry.safeParse(one).data ?? []))
      const next = text.parse(read.nextPageToken) ?? ''
      if (next === '' || next === token) break
      token = next
    }
    return found
  }

  const placeOf = (id: string): string =>
    id.startsWith(PAIRS)
      ? `/${KINDS.dpo}/${encodeURIComponent(id.slice(PAIRS.length))}`
      : `/${KINDS.supervised}/${encodeURIComponent(id)}`
  const jobAt = async (c: Call, id: string) => readOwn(await ask(c, placeOf(id)), OwnJob)

  app.get('/models', async (c) => {
    const [shared, own] = await Promise.all(
      [`${origin}/v1/accounts/fireworks`, baseURL].map((at) => all(c, `${at}/models`, 'models', OwnModel)),
    )
    const models = [...(own ?? []), ...(shared ?? [])]
    const chatting = models.filter(
      ({ kind, state }) => CHATS.includes(kind ?? '') && (state ?? 'READY') === 'READY',
    )
    const once = new Map(chatting.map((model) => [model.name, modelOf(model)]))
    return c.json({ object: 'list', data: [...once.values()] })
  })

  app.delete('/models/:id', async (c) => {
    const id = c.req.param('id')
    if (!id.startsWith(`${account}/models/`))
      throw refusal('Only models of this account can be deleted.', { status: 404, code: 'model_not_found' })
    await ask(c, `/models/${encodeURIComponent(lastOf(id))}`, { method: 'DELETE' })
    return c.json({ id, object: 'model', deleted: true })
  })

  app.get('/files', async (c) => {
    const datasets = await all(c, `${baseURL}/datasets`, 'datasets', OwnDataset)
    const purpose = c.req.query('purpose')
    const files = datasets.map(fileOf).filter((file) => !purpose || file.purpose === purpose)
    return c.json(pageOf(newestFirst(files), { limit: '10000', ...c.req.query() }))
  })

  app.post('/files', async (c) => {
    const { init } = c.env
    const { filename, ...form } = await formOf(init)
    const datasetId = `limerick-${randomText(12).toLowerCase()}`
    const record = { datasetId, dataset: { displayName: filename, userUploaded: {}, format: 'CHAT' } }
    const made = await readOwn(await ask(c, '/datasets', { method: 'POST', body: record }), OwnDataset)
    await sendForm(send, `${baseURL}/datasets/${datasetId}:upload`, init, form)
    return c.json(fileOf({ ...made, displayName: filename }))
  })

  app.get('/files/:id', async (c) =>
    c.json(
      fileOf(await readOwn(await ask(c, `/datasets/${encodeURIComponent(c.req.param('id'))}`), OwnDataset)),
    ),
  )

  app.delete('/files/:id', async (c) => {
    const id = c.req.param('id')
    await ask(c, `/datasets/${encodeURIComponent(id)}`, { method: 'DELETE' })
    return c.json({ id, object: 'file', deleted: true })
  })

  app.get('/fine_tuning/jobs', async (c) => {
    const kinds = Object.values(KINDS).map((kind) => all(c, `${baseURL}/${kind}`, kind, OwnJob))
    const jobs = (await Promise.all(kinds)).flat().map(jobOf)
    const wanted = c.req.query(`metadata[${INTENT}]`)
    const found = wanted === undefined ? jobs : jobs.filter(({ metadata }) => metadata?.[INTENT] === wanted)
    return c.json(pageOf(newestFirst(found), c.req.query()))
  })

  app.post('/fine_tuning/jobs', async (c) => {
    const read = Creation.safeParse(bodyIn(c.env.init))
    if (!read.success) throw refusal(z.prettifyError(read.error))
    const { model, method } = read.data
    const body = creationOf(read.data, account, model.startsWith(`${account}/models/`))
    const place = `/${KINDS[method?.dpo ? 'dpo' : 'supervised']}`
    return c.json(jobOf(await readOwn(await ask(c, place, { method: 'POST', body }), OwnJob)))
  })

  app.get('/fine_tuning/jobs/:id', async (c) => c.json(jobOf(await jobAt(c, c.req.param('id')))))

  app.post('/fine_tuning/jobs/:id/cancel', async (c) => {
    const id = c.req.param('id')
    await ask(c, `${placeOf(id)}:cancel`, { method: 'POST', body: {} })
    return c.json(jobOf(await jobAt(c, id)))
  })
}

const answersAt = (baseURL: string, path: string): string => `${new URL(baseURL).origin}/inference/v1${path}`

export const FIREWORKS: Adapter = {
  auth: bearer,
  answersAt,
  translate: (baseURL, send) =>
    translated(baseURL, send, (app) => {
      routes(app, baseURL, send)
      for (const path of ANSWERS) app.post(path, ({ env }) => send(answersAt(baseURL, path), env.init))
    }),
}
