import type { z } from 'zod'
import { AppError, fromWire } from '#lib/core/errors.ts'
import { reading } from './answer.ts'

interface Request {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Sent as JSON; a Blob as the bytes it is. */
  body?: unknown
  signal?: AbortSignal
}

/** `fetch` that throws an AppError when the studio does not respond; does not check the status. */
export async function send(path: string, { method = 'GET', body, signal }: Request): Promise<Response> {
  const type = body instanceof Blob ? 'application/octet-stream' : 'application/json'
  try {
    return await fetch(path, {
      method,
      signal,
      headers: body === undefined ? undefined : { 'content-type': type },
      body: body === undefined || body instanceof Blob ? body : JSON.stringify(body),
    })
  } catch (cause) {
    if (signal?.aborted) throw cause
    throw new AppError('unavailable', 'http.silent', { cause })
  }
}

/**
 * Calls the studio's JSON API from the browser.
 * @param load schemas of answers, as `reading` takes them
 * @throws AppError, rebuilt from the answer
 */
export function asking<Schemas>(load: () => Promise<Schemas>) {
  const read = reading(load)
  return async <Answer>(
    schemaOf: (schemas: Schemas) => z.ZodType<Answer>,
    path: string,
    request: Request = {},
  ): Promise<Answer> => {
    const response = await send(path, request)
    const body: unknown = await response.json().catch(() => null)
    if (!response.ok) throw fromWire(body)
    return read(schemaOf, body)
  }
}
