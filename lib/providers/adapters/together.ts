/** Together's own API in OpenAI's words: https://docs.together.ai/reference, read in November 2026. */
import { createHash } from 'node:crypto'
import { z } from 'zod'
import { isDefiniteRejection } from '#lib/core/definite-rejection.ts'
import { orNull } from '#lib/core/or-null.ts'
import { WEIGHTS } from '../weights-file.ts'
import {
  type Adapter,
  Answered,
  asIn,
  askOwn,
  bearer,
  bodyIn,
  type Call,
  expectNoMultiplier,
  listOf,
  newestFirst,
  number,
  type OwnCall,
  PLAIN,
  pageOf,
  partOr,
  positiveOf,
  rawOf,
  readOwn,
  refusal,
  secondsOf,
  sendForm,
  setting,
  type Translation,
  text,
  translated,
  wholePage,
} from './adapter.ts'
import { formOf } from './form.ts'

const OwnFile = z.looseObject({
  id: z.string(),
  bytes: number,
  created_at: number,
  filename: text,
  purpose: text,
  Processed: orNull(z.boolean()),
  processing_status: text,
  validation_report: orNull(z.object({ error: text })),
})

const OwnEvent = z.looseObject({
  created_at: text,
  message: z.string().catch(''),
  type: text,
  level: text,
  step: number,
  total_steps: number,
})
type OwnEvent = z.infer<typeof OwnEvent>

const OwnJob = z.looseObject({
  id: z.string(),
  status: z.string(),
  created_at: text,
  updated_at: text,
  started_at: text,
  model: text,
  model_output_name: text,
  from_checkpoint: text,
  training_file: text,
  validation_file: text,
  n_epochs: number,
  batch_size: orNull(z.union([z.number(), z.string()])),
  learning_rate: number,
  random_seed: number,
  suffix: text,
  training_method: orNull(z.object({ method: text, dpo_beta: number })),
  training_type: orNull(z.object({ type: text })),
  progress: orNull(z.object({ estimate_available: z.boolean(), seconds_remaining: z.number() })),
  early_stopped: orNull(z.boolean()),
  early_stopping_best_metric: number,
  early_stopping_best_step: number,
  events: orNull(z.array(OwnEvent)),
})
type OwnJob = z.infer<typeof OwnJob>

const OwnCheckpoint = z.looseObject({
  step: z.number(),
  created_at: text,
  path: text,
  checkpoint_type: text,
})
type OwnCheckpoint = z.infer<typeof OwnCheckpoint>

/** Values of one logged step by name, as `train/loss`. */
const Metrics = z.record(z.string(), z.unknown())
type Metrics = z.infer<typeof Metrics>

const OwnModel = z.looseObject({ id: z.string(), type: text, created: number, context_length: number })

/** OpenAI's words for a state; what is here not stays as it is, and has not ended. */
const STATUSES: Record<string, string> = {
  pending: 'queued',
  compressing: 'running',
  uploading: 'running',
  completed: 'succeeded',
  error: 'failed',
  user_error: 'failed',
}

const ENDED = ['succeeded', 'failed', 'cancelled']

const statusOf = ({ status }: OwnJob): string => STATUSES[status] ?? status

function fileOf(file: z.infer<typeof OwnFile>) {
  const problem = file.validation_report?.error ?? null
  const failed = problem !== null || ['FAILED', 'INVALID_FORMAT'].includes(file.processing_status ?? '')
  return {
    ...{ id: file.id, object: 'file', bytes: file.bytes ?? 0, created_at: file.created_at ?? 0 },
    ...{ filename: file.filename ?? file.id, purpose: file.purpose ?? 'fine-tune' },
    status: failed ? 'error' : file.Processed ? 'processed' : 'uploaded',
    status_details: problem,
    limerick: { provider_raw: rawOf(file) },
  }
}

const errorLevel = ({ level, type }: OwnEvent): boolean => /error$/.test(level ?? '') || type === 'job_error'

/** Why a job failed: its last error event. */
function errorOf(job: OwnJob) {
  if (statusOf(job) !== 'failed') return null
  const said = job.events?.findLast(errorLevel)
  return said ? { code: said.type ?? 'error', message: said.message, param: null } : null
}

/** Weights have no file at Together but a download of their own, which an id names among the files. */
const weightsOf = (job: OwnJob): string[] =>
  statusOf(job) === 'succeeded' && job.training_type?.type !== 'Full' ? [`${WEIGHTS}${job.id}`] : []

function methodOf(job: OwnJob) {
  const { n_epochs, batch_size, learning_rate, training_method } = job
  const hyperparameters = { n_epochs, batch_size: batch_size === 'max' ? 'auto' : batch_size, learning_rate }
  return training_method?.method === 'dpo'
    ? { type: 'dpo', dpo: { hyperparameters: { ...hyperparameters, beta: training_method.dpo_beta } } }
    : { type: 'supervised', supervised: { hyperparameters } }
}

/** Seconds to whole minutes: an estimate that changes with every answer says nothing new. */
const MINUTE = 60

function finishOf({ progress }: OwnJob): number | null {
  if (!progress?.estimate_available) return null
  return Math.ceil((Date.now() / 1000 + progress.seconds_remaining) / MINUTE) * MINUTE
}

function stepsOf({ events, early_stopped, early_stopping_best_step, early_stopping_best_metric }: OwnJob) {
  const total = events?.findLast(({ total_steps }) => total_steps)?.total_steps
  const best = early_stopping_best_step
  const loss = early_stopping_best_metric
  return {
    ...(total ? { total_steps: total } : {}),
    ...(best && typeof loss === 'number' ? { best: { step: best, full_valid_loss: loss } } : {}),
    ...(best && early_stopped ? { final_step: best } : {}),
  }
}

function jobOf(job: OwnJob) {
  const status = statusOf(job)
  const ended = ENDED.includes(status)
  return {
    ...{ id: job.id, object: 'fine_tuning.job', status, created_at: secondsOf(job.created_at) ?? 0 },
    finished_at: ended ? secondsOf(job.updated_at) : null,
    model: job.model ?? '',
    fine_tuned_model: status === 'succeeded' ? (job.model_output_name ?? null) : null,
    organization_id: '',
    training_file: job.training_file ?? '',
    validation_file: job.validation_file || null,
    result_files: weightsOf(job),
    // `token_count` does not say whether it counts every epoch.
    trained_tokens: null,
    estimated_finish: ended ? null : finishOf(job),
    seed: job.random_seed ?? null,
    suffix: job.suffix ?? null,
    method: methodOf(job),
    hyperparameters: null,
    error: errorOf(job),
    limerick: {
      ...stepsOf(job),
      // Progress is another with every answer, and says no more than the estimate.
      provider_raw: rawOf({ ...job, events: undefined, progress: undefined }),
    },
  }
}

/** Together gives events no ids: the same event is recognised by what it says. */
function idOf(prefix: string, value: unknown): string {
  const hash = createHash('sha256').update(JSON.stringify(value)).digest('hex')
  return `${prefix}-${hash.slice(0, 24)}`
}

const LEVELS: Record<string, string> = { warning: 'warn', iwarning: 'warn', error: 'error', ierror: 'error' }

const levelOf = (event: OwnEvent): string =>
  errorLevel(event) ? 'error' : (LEVELS[(event.level ?? '').replace(/^legacy_/, '')] ?? 'info')

function eventOf(event: OwnEvent) {
  return {
    id: idOf('ftevent', event),
    object: 'fine_tuning.job.event',
    created_at: secondsOf(event.created_at) ?? 0,
    level: levelOf(event),
    message: event.message,
    type: 'message',
    data: { limerick: { provider_raw: rawOf(event) } },
  }
}

/** A value by any of the names under which it may be logged. */
function valueIn(metrics: Metrics, ...names: string[]): number | null {
  for (const name of names) {
    const value = metrics[name]
    if (typeof value === 'number') return value
  }
  return null
}

const stepIn = (metrics: Metrics): number | null =>
  valueIn(metrics, 'train/global_step', 'eval/global_step', 'global_step', 'step')

/** The losses of a step in OpenAI's words; Together validates on the whole file. */
function lossesIn(metrics: Metrics): Record<string, number> {
  const found = {
    train_loss: valueIn(metrics, 'train/loss'),
    full_valid_loss: valueIn(metrics, 'eval/loss', 'valid/loss', 'validation/loss'),
  }
  return Object.fromEntries(
    Object.entries(found).flatMap(([name, value]) => (value === null ? [] : [[name, value]])),
  )
}

/** Seconds between which the steps were trained. */
interface Span {
  from: number
  to: number
}

/** Together says no time of a step: the steps are spread evenly over the time that they took together. */
function metricsEventsOf(job: OwnJob, all: readonly Metrics[], { from, to }: Span) {
  const total = stepsOf(job).total_steps ?? null
  const last = Math.max(1, ...all.map((metrics) => stepIn(metrics) ?? 0))
  return all.flatMap((metrics) => {
    const step = stepIn(metrics)
    const losses = lossesIn(metrics)
    if (step === null || Object.keys(losses).length === 0) return []
    const words = Object.entries(losses).map(
      ([name, value]) => `${name.replaceAll('_', ' ')}=${value.toFixed(4)}`,
    )
    return {
      // A step that is measured again, as by a validation after it, is another event.
      id: `ftmetric-${step}-${Object.keys(losses).join('-')}`,
      object: 'fine_tuning.job.event',
      created_at: Math.round(from + ((to - from) * step) / last),
      level: 'info',
      message: `Step ${step}${total === null ? '' : `/${total}`}: ${words.join(', ')}`,
      type: 'metrics',
      data: {
        step,
        ...(total === null ? {} : { total_steps: total }),
        ...losses,
        limerick: { provider_raw: rawOf(metrics) },
      },
    }
  })
}

function spanOf(job: OwnJob, events: readonly OwnEvent[]): Span {
  const at = (type: string) => secondsOf(events.findLast((event) => event.type === type)?.created_at)
  const from = at('training_start') ?? secondsOf(job.started_at) ?? secondsOf(job.created_at) ?? 0
  const ended = ENDED.includes(statusOf(job)) ? secondsOf(job.updated_at) : null
  return { from, to: Math.max(from, at('training_complete') ?? ended ?? Math.floor(Date.now() / 1000)) }
}

/** Of the kinds of a step's checkpoint, the one that can be trained further. */
function checkpointsOf(job: OwnJob, checkpoints: readonly OwnCheckpoint[], all: readonly Metrics[]) {
  const bySteps = new Map(checkpoints.map((checkpoint) => [checkpoint.step, checkpoint]))
  return [...bySteps.values()]
    .sort((a, b) => b.step - a.step)
    .map((checkpoint) => {
      const { step } = checkpoint
      const metrics = Object.assign({}, ...all.filter((one) => stepIn(one) === step).map(lossesIn))
      return {
        ...{ id: `ftckpt-${job.id}-${step}`, object: 'fine_tuning.job.checkpoint', step_number: step },
        created_at: secondsOf(checkpoint.created_at) ?? 0,
        fine_tuning_job_id: job.id,
        fine_tuned_model_checkpoint: `${job.id}:${step}`,
        metrics: { step, ...metrics },
        limerick: { provider_raw: rawOf(checkpoint) },
      }
    })
}

/** Models that chat; others have no type, or another. */
const CHATS = ['chat', 'language', 'code']

const Creation = z.object({
  model: z.string().min(1),
  training_file: z.string().min(1),
  validation_file: text,
  suffix: text,
  seed: number,
  method: z
    .object({
      supervised: z.object({ hyperparameters: z.record(z.string(), z.unknown()).nullish() }).nullish(),
      dpo: z.object({ hyperparameters: z.record(z.string(), z.unknown()).nullish() }).nullish(),
    })
    .nullish(),
  limerick: z.object({ early_stopping: z.object({ patience: z.number() }).nullish() }).nullish(),
})

/** `ft-…` is a job, `ft-…:80` its checkpoint; a base model has an owner and a slash before its name. */
const isOwnResult = (model: string): boolean => /^ft-[\w-]+(:\d+)?$/.test(model)

/** A creation in Together's words. @param baseModel of the job whose result is trained further */
function creationOf(asked: z.infer<typeof Creation>, baseModel: string | null) {
  const { model, training_file, validation_file, suffix, seed, method, limerick } = asked
  const hyper = (method?.dpo ?? method?.supervised)?.hyperparameters ?? {}
  expectNoMultiplier('Together', hyper)
  const epochs = positiveOf(hyper.n_epochs) ?? 1
  const patience = limerick?.early_stopping?.patience
  return {
    model: baseModel ?? model,
    ...(baseModel === null ? {} : { from_checkpoint: model }),
    training_file,
    n_epochs: epochs,
    // One checkpoint and one validation an epoch, as everywhere else; by default there would be none on the way.
    n_checkpoints: epochs,
    ...(validation_file ? { validation_file, n_evals: epochs } : {}),
    ...setting('batch_size', hyper.batch_size),
    ...setting('learning_rate', hyper.learning_rate),
    ...(suffix ? { suffix } : {}),
    ...(typeof seed === 'number' ? { random_seed: seed } : {}),
    training_method: method?.dpo ? { method: 'dpo', ...setting('dpo_beta', hyper.beta) } : { method: 'sft' },
    ...(validation_file && patience
      ? { early_stopping_enabled: true, early_stopping_patience: patience }
      : {}),
  }
}

function routes(app: Translation, baseURL: string, send: typeof fetch): void {
  /** Asks as the call in OpenAI's words was asked: with its key, and until it is stopped. */
  const ask = (c: Call, path: string, call: OwnCall = {}) =>
    askOwn(send, `${baseURL}${path}`, { ...asIn(c), ...call })

  const jobAt = async (c: Call, id: string) =>
    readOwn(await ask(c, `/fine-tunes/${encodeURIComponent(id)}`), OwnJob)
  const part = (id: string, name: string) => `/fine-tunes/${encodeURIComponent(id)}/${name}`
  const eventsAt = (c: Call, id: string) =>
    partOr(
      [],
      ask(c, part(id, 'events'))
        .then((answer) => readOwn(answer, listOf(OwnEvent)))
        .then(({ data }) => data ?? []),
    )
  const metricsAt = (c: Call, id: string) =>
    partOr(
      [],
      ask(c, part(id, 'metrics'))
        .then((answer) => readOwn(answer, z.object({ metrics: z.array(Metrics).nullish() })))
        .then(({ metrics }) => metrics ?? []),
    )
  const jobsAt = async (c: Call) => (await readOwn(await ask(c, '/fine-tunes'), listOf(OwnJob))).data ?? []

  /** The base of the job whose result is trained further. A failure here is a refusal: no training was asked for yet. */
  async function baseOf(c: Call, result: string): Promise<string | null> {
    try {
      return (await jobAt(c, result.split(':')[0] ?? '')).model ?? null
    } catch (thrown) {
      if (thrown instanceof Answered && isDefiniteRejection(thrown.answer.status, 'job')) throw thrown
      throw refusal('The job to train further could not be read.', { status: 424, param: 'model' })
    }
  }

  app.get('/models', async (c) => {
    const [served, supported, jobs] = await Promise.all([
      ask(c, '/models').then((answer) => readOwn(answer, z.array(OwnModel))),
      ask(c, '/fine-tunes/models/supported').then((answer) =>
        readOwn(answer, z.object({ models: z.array(z.string()) })),
      ),
      jobsAt(c),
    ])
    const trainable = new Set(supported.models)
    const chatting = served.filter(({ type }) => CHATS.includes(type ?? ''))
    const listed = new Set(chatting.map(({ id }) => id))
    const tuned = jobs.flatMap((job) => {
      const { fine_tuned_model: id, created_at: created } = jobOf(job)
      return id === null
        ? []
        : [{ id, object: 'model', created, limerick: { kind: 'fine-tuned', trainable: false } }]
    })
    const names = new Set(tuned.map(({ id }) => id))
    return c.json({
      object: 'list',
      data: [
        ...chatting
          .filter(({ id }) => !names.has(id))
          .map(({ id, created }) => ({
            ...{ id, object: 'model', created, limerick: { kind: 'base', trainable: trainable.has(id) } },
          })),
        ...supported.models
          .filter((id) => !listed.has(id))
          .map((id) => ({ id, object: 'model', created: null, limerick: { kind: 'base', trainable: true } })),
        ...tuned,
      ],
    })
  })

  app.get('/files', async (c) => {
    const { data } = await readOwn(await ask(c, '/files'), listOf(OwnFile))
    const purpose = c.req.query('purpose')
    const files = (data ?? []).map(fileOf).filter((file) => !purpose || file.purpose === purpose)
    files.sort((a, b) => b.created_at - a.created_at)
    return c.json(pageOf(files, { limit: '10000', ...c.req.query() }))
  })

  app.post('/files', async (c) => {
    const { init } = c.env
    const { filename, ...form } = await formOf(init, (name) => ({ file_name: name, file_type: 'jsonl' }))
    const answer = await sendForm(send, `${baseURL}/files/upload`, init, form)
    return c.json(fileOf({ ...(await readOwn(answer, OwnFile)), filename }))
  })

  app.get('/files/:id', async (c) => {
    const id = c.req.param('id')
    if (!id.startsWith(WEIGHTS))
      return c.json(fileOf(await readOwn(await ask(c, `/files/${encodeURIComponent(id)}`), OwnFile)))
    const job = await jobAt(c, id.slice(WEIGHTS.length))
    return c.json({
      ...{ id, object: 'file', bytes: null, created_at: secondsOf(job.updated_at) ?? 0, status: 'processed' },
      ...{ filename: `${job.id}-adapter.tar.zst`, purpose: 'fine-tune-results' },
    })
  })

  app.get('/files/:id/content', (c) => {
    const id = c.req.param('id')
    const query = new URLSearchParams({ ft_id: id.slice(WEIGHTS.length), checkpoint: 'adapter' })
    return ask(
      c,
      id.startsWith(WEIGHTS) ? `/finetune/download?${query}` : `/files/${encodeURIComponent(id)}/content`,
    )
  })

  app.delete('/files/:id', async (c) => {
    const id = c.req.param('id')
    await ask(c, `/files/${encodeURIComponent(id)}`, { method: 'DELETE' })
    return c.json({ id, object: 'file', deleted: true })
  })

  app.get('/fine_tuning/jobs', async (c) => {
    const jobs = (await jobsAt(c)).map(jobOf).sort((a, b) => b.created_at - a.created_at)
    return c.json(pageOf(jobs, c.req.query()))
  })

  app.post('/fine_tuning/jobs', async (c) => {
    const read = Creation.safeParse(bodyIn(c.env.init))
    if (!read.success) throw refusal(z.prettifyError(read.error))
    const { model } = read.data
    const base = isOwnResult(model) ? await baseOf(c, model) : null
    const body = creationOf(read.data, base)
    return c.json(jobOf(await readOwn(await ask(c, '/fine-tunes', { method: 'POST', body }), OwnJob)))
  })

  app.get('/fine_tuning/jobs/:id', async (c) => {
    const job = await jobAt(c, c.req.param('id'))
    // A job need not bring its events along, and they alone say why it failed.
    const events = job.events?.length ? job.events : await eventsAt(c, job.id)
    return c.json(jobOf({ ...job, events }))
  })

  app.post('/fine_tuning/jobs/:id/cancel', async (c) =>
    c.json(jobOf(await readOwn(await ask(c, part(c.req.param('id'), 'cancel'), { method: 'POST' }), OwnJob))),
  )

  app.get('/fine_tuning/jobs/:id/events', async (c) => {
    const id = c.req.param('id')
    const [job, events, metrics] = await Promise.all([jobAt(c, id), eventsAt(c, id), metricsAt(c, id)])
    const steps = metricsEventsOf({ ...job, events }, metrics, spanOf(job, events))
    return c.json(wholePage(newestFirst([...steps, ...events.map(eventOf)]), c.req.query()))
  })

  app.get('/fine_tuning/jobs/:id/checkpoints', async (c) => {
    const id = c.req.param('id')
    const [job, { data }, metrics] = await Promise.all([
      jobAt(c, id),
      ask(c, part(id, 'checkpoints')).then((answer) => readOwn(answer, listOf(OwnCheckpoint))),
      metricsAt(c, id),
    ])
    return c.json(pageOf(checkpointsOf(job, data ?? [], metrics), c.req.query()))
  })
}

export const TOGETHER: Adapter = {
  ...PLAIN,
  auth: bearer,
  translate: (baseURL, send) => translated(baseURL, send, (app) => routes(app, baseURL, send)),
}
