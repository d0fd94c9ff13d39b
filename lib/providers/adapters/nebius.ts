/**
 * Nebius Token Factory, whose API is OpenAI's but for its learning rate, its losses and its weights:
 * https://docs.tokenfactory.nebius.com, read in November 2026.
 */
import { z } from 'zod'
import {
  type Adapter,
  accepted,
  asIn,
  askOwn,
  expectNoMultiplier,
  listOf,
  newestFirst,
  number,
  PLAIN,
  partOr,
  rawOf,
  readOwn,
  refusal,
  wholePage,
} from './adapter.ts'
import { amended } from './amended.ts'

type Thing = Record<string, unknown>

const Hyper = z.record(z.string(), z.unknown())
const Methods = z.object({ supervised: z.looseObject({ hyperparameters: Hyper.nullish() }).nullish() })

/** Its rate is absolute under either name. */
function readHyper({ learning_rate_multiplier: rate, ...hyper }: Thing): Thing {
  return { ...hyper, learning_rate: hyper.learning_rate ?? rate ?? null }
}

const Steps = z.object({ total_steps: number })

function jobOf(job: Thing): Thing {
  const hyper = Hyper.safeParse(job.hyperparameters).data
  const total = Steps.safeParse(job).data?.total_steps
  return {
    ...job,
    method: { type: 'supervised', supervised: { hyperparameters: hyper ? readHyper(hyper) : {} } },
    limerick: { ...(total ? { total_steps: total } : {}), provider_raw: rawOf(job) },
  }
}

/**
 * A creation as Nebius takes it: settings at the top, the rate under both of its names, of which versions of the API know
 * one each. What is trained is an adapter, unless its own settings say otherwise: by default it would be the whole model.
 */
function creationOf({ method, ...body }: Thing): Thing {
  const hyper = Methods.safeParse(method).data?.supervised?.hyperparameters ?? {}
  expectNoMultiplier('Nebius', hyper)
  if (method && !Methods.safeParse(method).data?.supervised)
    throw refusal('Nebius trains on conversations, not on pairs.', {
      code: 'unsupported_parameter',
      param: 'method',
    })
  const rate = hyper.learning_rate === undefined ? {} : { learning_rate_multiplier: hyper.learning_rate }
  return { ...body, hyperparameters: { lora: true, ...hyper, ...rate } }
}

/** Bases that its cookbook trains: for training they have names of their own, which no list has. */
const BASES = [
  'meta-llama/Llama-3.1-8B-Instruct',
  'meta-llama/Llama-3.3-70B-Instruct',
  'unsloth/gpt-oss-20b-BF16',
] as const

const NO_CHAT = /embed|bge-|flux|guard|whisper|rerank/i

const modelOf = (model: Thing): Thing | null => {
  const id = String(model.id)
  if (NO_CHAT.test(id)) return null
  const isTuned = /-LoRa:/i.test(id)
  return { ...model, limerick: { kind: isTuned ? 'fine-tuned' : 'base', trainable: !isTuned } }
}

/** A file has no status. */
const fileOf = (file: Thing): Thing => ({ ...file, status: file.status ?? 'processed' })

const OwnEvent = z.looseObject({
  id: z.string().nullish(),
  created_at: z.number(),
  message: z.string().catch(''),
})
const OwnCheckpoint = z.looseObject({
  id: z.string(),
  created_at: z.number(),
  step_number: z.number(),
  metrics: z.looseObject({ train_loss: number, valid_loss: number }).nullish().catch(null),
})
/** The losses of an epoch stand in its checkpoint alone: they are told as the event of its step. */
function eventOf({ id, created_at, step_number: step, metrics }: z.infer<typeof OwnCheckpoint>) {
  const losses = Object.entries({ train_loss: metrics?.train_loss, valid_loss: metrics?.valid_loss }).flatMap(
    ([name, value]) => (typeof value === 'number' ? [[name, value] as const] : []),
  )
  if (losses.length === 0) return []
  const words = losses.map(([name, value]) => `${name.replace('_', ' ')}=${value.toFixed(4)}`)
  return {
    ...{ id: `ftmetric-${id}`, object: 'fine_tuning.job.event', created_at, level: 'info', type: 'metrics' },
    message: `Step ${step}: ${words.join(', ')}`,
    data: { step, ...Object.fromEntries(losses) },
  }
}

/** Entries of a page; and pages read at most, if there are always more. */
const PAGE = '100'
const MOST_PAGES = 100

/** Every entry of a list, page by page. @param ask for the page of a query */
async function all<Entry extends { id?: string | null | undefined }>(
  entry: z.ZodType<Entry>,
  ask: (query: URLSearchParams) => Promise<Response>,
): Promise<Entry[]> {
  const found: Entry[] = []
  const Page = z.object({ data: z.array(entry).nullish(), has_more: z.boolean().nullish().catch(null) })
  const ends = new Set<string>()
  let after: string | null = null
  for (let page = 0; page < MOST_PAGES; page++) {
    const query = new URLSearchParams({ limit: PAGE, ...(after !== null && { after }) })
    const { data, has_more } = await readOwn(await ask(query), Page)
    const last = data?.at(-1)?.id
    // A server that ignores `after` serves the same page again.
    if (last && ends.has(last)) break
    found.push(...(data ?? []))
    if (!has_more || !last) break
    ends.add(last)
    after = last
  }
  return found
}

export const NEBIUS: Adapter = {
  ...PLAIN,
  translate: (baseURL, send) =>
    amended(baseURL, send, { job: jobOf, model: modelOf, file: fileOf, creation: creationOf }, (app) => {
      app.get('/models', async ({ env: { address, init } }) => {
        const answer = await accepted(await send(address, init))
        const { data } = await readOwn(answer, listOf(z.looseObject({ id: z.string() })))
        const served = (data ?? []).map(modelOf).filter((model) => model !== null)
        const names = new Set(served.map(({ id }) => id))
        const bases = BASES.filter((id) => !names.has(id)).map((id) => ({
          ...{ id, object: 'model', created: null, limerick: { kind: 'base', trainable: true } },
        }))
        return Response.json({ object: 'list', data: [...served, ...bases] })
      })
      app.get('/fine_tuning/jobs/:id/events', async (c) => {
        const at = `${baseURL}/fine_tuning/jobs/${encodeURIComponent(c.req.param('id'))}`
        const part = (name: string) => (query: URLSearchParams) =>
          askOwn(send, `${at}/${name}?${query}`, asIn(c))
        const [events, checkpoints] = await Promise.all([
          partOr([], all(OwnEvent, part('events'))),
          partOr([], all(OwnCheckpoint, part('checkpoints'))),
        ])
        const told = events.map((event) => ({
          ...event,
          id: event.id ?? `ftevent-${event.created_at}-${event.message.slice(0, 80)}`,
        }))
        return c.json(wholePage(newestFirst([...checkpoints.flatMap(eventOf), ...told]), c.req.query()))
      })
    }),
}
