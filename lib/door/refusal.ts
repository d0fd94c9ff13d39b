import type { ServerResponse } from 'node:http'
import type { AppError } from '#lib/errors.ts'
import { typeOf } from '#lib/http/openai-error.ts'
import { refuseEarly } from '#lib/http/refuse-early.ts'

/** What OpenAI's clients read from a refusal. */
export interface WireRefusal {
  message: string
  type: string
  param: string | null
  code: string | null
}

/** Answers with an error in OpenAI's shape; once an answer has begun it can only be broken off. */
export function refuseWith(response: ServerResponse, status: number, error: WireRefusal): void {
  if (response.headersSent) {
    response.destroy()
    return
  }
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

export function refuseError(response: ServerResponse, error: AppError): void {
  const status = statusOf(error)
  const { message, param = null, code } = error
  refuseWith(response, status, { message, type: typeOf(status), param, code })
}
