import { apiError } from '../api-error.ts'
import { readText } from '../multipart.ts'

/** As much as the front door takes. */
const MAX_BODY = 8 * 1024 * 1024

/** @throws AppError `invalid` when the body is not JSON, `too_large` beyond the limit */
export async function jsonOf(request: Request): Promise<unknown> {
  return parsed(request.body ? await readText(request.body, MAX_BODY) : '')
}

/** The same where no body at all is fine too. @returns undefined for none */
export async function maybeJsonOf(request: Request): Promise<unknown> {
  const text = request.body ? await readText(request.body, MAX_BODY) : ''
  return text.trim() === '' ? undefined : parsed(text)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw apiError('invalid', 'We could not parse the JSON body of your request.')
  }
}
