import { z } from 'zod'
import { accepted, bodyIn, type Call, readOwn, type Translation, translated } from './adapter.ts'

type Thing = Record<string, unknown>

/** What is different about a provider that speaks OpenAI's API otherwise. */
export interface Amendments {
  /** A job as OpenAI would say it. */
  job?: (job: Thing) => Thing
  checkpoint?: (checkpoint: Thing) => Thing
  /** A model as the catalogue reads it; null: it does not chat. */
  model?: (model: Thing) => Thing | null
  file?: (file: Thing) => Thing
  /** The body of a creation as the provider takes it. */
  creation?: (body: Thing) => Thing
}

const Any = z.record(z.string(), z.unknown())
const Many = z.looseObject({ data: z.array(z.unknown()).nullish() })

const isThing = (value: unknown): value is Thing => Any.safeParse(value).success

/**
 * A `fetch` that passes OpenAI's calls as they are, and amends what is said of jobs, models and files.
 * @param more adds routes that come first
 */
export function amended(
  baseURL: string,
  send: typeof fetch,
  amendments: Amendments,
  more: (app: Translation) => void = () => undefined,
): typeof fetch {
  const { job, checkpoint, model, file, creation } = amendments
  const answerTo = async ({ env: { address, init } }: Call) => accepted(await send(address, init))
  const same = (thing: Thing) => thing

  const one =
    (amend: (thing: Thing) => Thing | null = same) =>
    async (c: Call) => {
      const answer = await answerTo(c)
      return Response.json(amend(await readOwn(answer, Any)), { headers: kept(answer) })
    }
  const many =
    (amend: (thing: Thing) => Thing | null = same) =>
    async (c: Call) => {
      const answer = await answerTo(c)
      const list = await readOwn(answer, Many)
      const data = (list.data ?? []).flatMap((thing) => (isThing(thing) ? (amend(thing) ?? []) : []))
      return Response.json({ ...list, data }, { headers: kept(answer) })
    }

  return translated(
    baseURL,
    send,
    (app) => {
      more(app)
      app.get('/models', many(model))
      app.get('/files', many(file))
      app.post('/files', one(file))
      app.get('/files/:id', one(file))
      app.get('/fine_tuning/jobs', many(job))
      app.get('/fine_tuning/jobs/:id', one(job))
      app.post('/fine_tuning/jobs/:id/:verb', one(job))
      app.get('/fine_tuning/jobs/:id/checkpoints', many(checkpoint))
      app.post('/fine_tuning/jobs', async (c) => {
        const { address, init } = c.env
        const body = JSON.stringify((creation ?? same)(bodyIn(init)))
        const headers = new Headers(init.headers)
        headers.delete('content-length')
        const answer = await accepted(await send(address, { ...init, headers, body }))
        return Response.json((job ?? same)(await readOwn(answer, Any)), { headers: kept(answer) })
      })
    },
    'pass',
  )
}

/** The request's id, by which a provider finds it again. */
function kept({ headers }: Response): Record<string, string> {
  const id = headers.get('x-request-id') ?? headers.get('apim-request-id')
  return id === null ? {} : { 'x-request-id': id }
}
