import type { IncomingMessage } from 'node:http'
import { finished } from 'node:stream/promises'
import type { HttpBindings } from '@hono/node-server'
import { apiError } from '../api-error.ts'

/** Context variables of the engine's handlers. */
export interface EngineEnv {
  Bindings: HttpBindings
  Variables: { requestId: string }
}

/** In bytes; equal to the HTTP server's limit. */
const MAX_BODY = 8 * 1024 * 1024

/** How long a response waits for the rest of an unneeded body, in ms. */
const DRAIN = 30_000

/** The body as a stream. Reading only part of it must not close the connection: the error response still uses it. */
export const bytesOf = ({ incoming }: HttpBindings): AsyncIterable<Uint8Array> =>
  incoming.iterator({ destroyOnReturn: false })

/** Reads the rest of a body: some clients fail if they get a response during the upload (Node's own fetch crashes). */
export async function dropRest(incoming: IncomingMessage): Promise<void> {
  if (incoming.complete) return
  incoming.resume()
  await finished(incoming, { signal: AbortSignal.timeout(DRAIN) }).catch(() => {})
}

/** @throws AppError `too_large` above the limit */
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

/** @throws AppError `invalid` if the body is not JSON, `too_large` above the limit */
export const jsonOf = async (env: HttpBindings): Promise<unknown> => parsed(await textOf(env))

/** Like jsonOf, but the body may be absent. @returns undefined without a body */
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
