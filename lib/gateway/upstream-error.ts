import type { IncomingMessage, ServerResponse } from 'node:http'
import { APIError } from 'openai'
import { failure } from '#lib/http/failure.ts'
import { withoutKeys } from '#lib/http/secrets.ts'
import { noteRefusal } from '#lib/providers/backoff.ts'
import type { ProviderId } from '#lib/providers/schema.ts'
import { refuseWith, safeError } from './error-response.ts'
import { advice } from './headers.ts'

/** Bytes of an error body that are read. */
const MOST = 64 * 1024

async function wordsOf(answer: IncomingMessage): Promise<string> {
  let text = ''
  answer.setEncoding('utf8')
  // Everything beyond the limit is dropped.
  for await (const part of answer as AsyncIterable<string>) {
    text += part
    if (text.length > MOST) break
  }
  return text.slice(0, MOST)
}

const parse = (text: string): object | undefined => {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

const isElsewhere = (status: number): boolean => status >= 300 && status < 400

const redirected = (status: number): string =>
  `The provider answered with a redirection (${status}), which is not followed. Its address in OPENAI_BASE_URL must be the last one.`

/** A rejected provider key is no fault of the caller: it is an error of the gateway, like a redirect. */
const outwards = (status: number): number => (status === 401 || status < 400 ? 502 : status)

/**
 * Passes a provider's error on in OpenAI's shape, without any key that it may repeat; starts a backoff if it asks for
 * one.
 * @returns the status that the caller got
 */
export async function passRefusal(
  providerId: ProviderId,
  answer: IncomingMessage,
  response: ServerResponse,
): Promise<number> {
  const status = answer.statusCode ?? 502
  const text = isElsewhere(status) ? redirected(status) : withoutKeys(await wordsOf(answer))
  const headers = advice(answer.headers)
  const thrown = APIError.generate(
    status < 400 ? 502 : status,
    parse(text),
    text || undefined,
    new Headers(headers),
  )
  const backoff = providerId === 'embedded' ? null : await noteRefusal(providerId, thrown)
  const { message, param, facts } = failure(thrown)
  const given = outwards(status)
  const final = backoff?.until === null ? { 'x-should-retry': 'false' } : {}
  const type = given >= 500 ? 'server_error' : 'invalid_request_error'
  const said = thrown instanceof APIError ? (thrown.type ?? type) : type
  const error = safeError({ message, type: said, param, code: facts?.providerCode })
  refuseWith(response, given, error, { ...final, ...headers })
  return given
}
