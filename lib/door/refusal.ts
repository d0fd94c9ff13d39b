import type { ServerResponse } from 'node:http'
import type { AppError } from '#lib/errors.ts'
import { typeOf } from '#lib/http/openai-error.ts'
import { refuseEarly } from '#lib/http/refuse-early.ts'
import { scrub } from '#lib/http/secrets.ts'
import { newId } from '#lib/ids.ts'

/** What OpenAI's clients read from a refusal. */
export interface WireRefusal {
  message: string
  type: string
  param: string | null
  /** Some servers number theirs. */
  code: string | number | null
}

/** Characters of what is a word of a program, not a sentence. */
const MOST_WORD = 64

const wordIn = (value: unknown): string | null => (typeof value === 'string' ? scrub(value, MOST_WORD) : null)

const textOf = (value: unknown): string =>
  scrub(typeof value === 'string' ? value : (JSON.stringify(value) ?? ''))

/** An error of a provider's, of which only what OpenAI's clients read goes on, without secrets. */
export function safeError(error: unknown): WireRefusal {
  const { message = error, type, param, code } = (error ?? {}) as Partial<Record<keyof WireRefusal, unknown>>
  return {
    message: textOf(message),
    type: wordIn(type) ?? 'server_error',
    param: wordIn(param),
    code: typeof code === 'number' ? code : wordIn(code),
  }
}

/** Answers with an error in OpenAI's shape; once an answer has begun it can only be broken off. */
export function refuseWith(response: ServerResponse, status: number, error: WireRefusal): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
  response.setHeader('x-request-id', newId('req_'))
  refuseEarly(response, status, { error })
}

export const refuse = (
  response: ServerResponse,
  status: number,
  message: string,
  code: string | null,
): void => refuseWith(response, status, { message, type: typeOf(status), param: null, code })

/** A program cannot say yes to a sum: for it that is a limit like the monthly one. */
export const statusOf = ({ code, status }: AppError): number => (code === 'needs_confirmation' ? 402 : status)

/** An error of ours as OpenAI's clients read it. */
export function errorOf(error: AppError): WireRefusal {
  const { message, param = null, code } = error
  return { message, type: typeOf(statusOf(error)), param, code }
}

export const refuseError = (response: ServerResponse, error: AppError): void =>
  refuseWith(response, statusOf(error), errorOf(error))
