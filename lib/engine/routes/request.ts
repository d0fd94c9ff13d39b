import type { IncomingMessage } from 'node:http'
import { finished } from 'node:stream/promises'
import type { HttpBindings } from '@hono/node-server'
import { apiError } from '../api-error.ts'

/** What a handler of the engine finds in its context. */
export interface EngineEnv {
  Bindings: HttpBindings
  Variables: { requestId: string }
}

/** As much as the front door takes. */
const MAX_BODY = 8 * 1024 * 1024

/** How long an answer waits for a body that it does not need, in ms. */
const DRAIN = 30_000

/** The body as it arrives. Reading only a part must not cut the connection: the refusal has to go out on it. */
export const bytesOf = ({ incoming }: HttpBindings): AsyncIterable<Uint8Array> =>
  incoming.iterator({ destroyOnReturn: false })

/** Clients that are answered in the middle of an upload stumble (Node's own fetch crashes): they may finish first. */
export async function dropRest(incoming: IncomingMessage): Promise<void> {
  if (incoming.complete) return
  incoming.resume()
  await finished(incoming, { signal: AbortSignal.timeout(DRAIN) }).catch(() => {})
}

/** @throws AppError `too_large` beyond the limit */
async function textOf(env: HttpBindings): Promise<string> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of bytesOf(env)) {
    size += chunk.length
    if (size > MAX_BODY)
      throw apiError('too_large', `The request holds a value of more than ${MAX_BODY} bytes.`)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** @throws AppError `invalid` when the body is not JSON, `too_large` beyond the limit */
export const jsonOf = async (env: HttpBindings): Promise<unknown> => parsed(await textOf(env))

/** The same where no body at all is fine too. @returns undefined for none */
export async function maybeJsonOf(env: HttpBindings): Promise<unknown> {
  const text = await textOf(env)
  return text.trim() === '' ? undefined : parsed(text)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw apiError('invalid', 'We could not parse the JSON body of your request.')
  }
}
