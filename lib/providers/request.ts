import { APIError } from 'openai'
import type { z } from 'zod'
import { isDefiniteRejection, type PaidRequest } from '#lib/core/definite-rejection.ts'
import { AppError } from '#lib/core/errors.ts'
import { client } from './client.ts'
import { briefly, tooBig } from './fetch.ts'
import { looseJson } from './loose-json.ts'
import { endpoint } from './registry.ts'

/** A short call, its answer read up to a limit. */
interface Question {
  method?: 'get' | 'post' | 'delete'
  /** Parts of the path, not encoded. */
  path: readonly string[]
  /** The path begins at the server's root, not below its base URL. */
  atRoot?: boolean
  query?: Record<string, string | number | undefined>
  body?: unknown
  /** Bytes that the answer may have, unpacked. */
  most: number
  signal?: AbortSignal | undefined
}

const MB = 1024 * 1024
export const MOST_OBJECT = MB
export const MOST_PAGE = 16 * MB

const late = (cause: unknown) => new AppError('provider_unreachable', 'providers.late', { cause })

export const brokeOff = (cause: unknown) =>
  new AppError('provider_unreachable', 'providers.answerBrokeOff', { cause })

/** Whether a provider answered a paid request with a status that certainly means that it did nothing. */
export const wasRejected = (thrown: unknown, request: PaidRequest): boolean =>
  thrown instanceof APIError && thrown.status !== undefined && isDefiniteRejection(thrown.status, request)

async function bytesWithin(answer: Response, most: number, signal: AbortSignal): Promise<Buffer> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  // Leaving the loop early cancels the rest.
  for await (const chunk of answer.body?.pipeThrough(new TransformStream(), { signal }) ?? []) {
    bytes += chunk.length
    if (bytes > most) throw tooBig(most)
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

/** The bytes of an answer that has begun. @throws as askBytes */
async function readBytes(answer: Response, most: number, limit: AbortSignal): Promise<Buffer> {
  try {
    return await bytesWithin(answer, most, limit)
  } catch (thrown) {
    if (thrown instanceof AppError) throw thrown
    throw limit.aborted ? late(thrown) : brokeOff(thrown)
  }
}

/**
 * An answer as it came.
 * @throws APIError as the provider answers; AppError provider_refused when it is too big, provider_unreachable when it
 * is cut or late
 */
export async function askBytes(providerId: string, question: Question): Promise<Buffer> {
  const { method = 'get', path, atRoot = false, query, body, most, signal } = question
  const limit = briefly(signal)
  const relative = path.map((part) => `/${encodeURIComponent(part)}`).join('')
  const address = atRoot ? new URL(relative, endpoint(providerId).baseURL).href : relative
  const options = { query, signal: limit, ...(body === undefined ? {} : { body }) }
  return readBytes(await client(providerId)[method](address, options).asResponse(), most, limit)
}

/** An answer's text. @throws as askBytes */
export const askText = async (providerId: string, question: Question): Promise<string> =>
  (await askBytes(providerId, question)).toString('utf8')

/** The expected content, as the error names it. */
type Wanted =
  | 'file'
  | 'job'
  | 'json'
  | 'jobs'
  | 'library'
  | 'list'
  | 'model'
  | 'models'
  | 'tokens'
  | 'trainers'

/** @param field missing, or of another type */
function refused(providerId: string, what: Wanted, cause: unknown, field?: string): AppError {
  const values = { provider: endpoint(providerId).provider.name, what, field: field || 'none' }
  return new AppError('provider_refused', ['providers.notWhatWasAsked', values], { cause })
}

function jsonIn(providerId: string, text: string): unknown {
  try {
    return looseJson(text)
  } catch (cause) {
    throw refused(providerId, 'json', cause)
  }
}

/** The text of an answer as `schema` reads it. @throws AppError provider_refused, which names what was wanted */
export function asWanted<Schema extends z.ZodType>(
  providerId: string,
  text: string,
  what: Wanted,
  schema: Schema,
): z.infer<Schema> {
  const read = schema.safeParse(jsonIn(providerId, text))
  if (read.success) return read.data
  throw refused(providerId, what, read.error, read.error.issues[0]?.path.join('.'))
}

/**
 * An answer as `schema` reads it.
 * @param what names the expected content in an error
 * @throws as askText; AppError provider_refused for an answer that is not JSON, or not what was asked for
 */
export const askJson = async <Schema extends z.ZodType>(
  providerId: string,
  what: Wanted,
  schema: Schema,
  question: Question,
): Promise<z.infer<Schema>> => asWanted(providerId, await askText(providerId, question), what, schema)

/** Like `askJson`, for an answer that has begun, to a request that took long to send. @throws as askJson */
export const readJson = async <Schema extends z.ZodType>(
  providerId: string,
  answer: Response,
  what: Wanted,
  schema: Schema,
): Promise<z.infer<Schema>> =>
  asWanted(providerId, (await readBytes(answer, MOST_OBJECT, briefly())).toString('utf8'), what, schema)
