import { readText } from '../multipart.ts'
import { problem } from '../problem.ts'

/** Far above any conversation a small model can read. */
const MAX_BODY = 4 * 1024 * 1024

/** @throws AppError `invalid` when the body is not JSON, `too_large` beyond the limit */
export async function jsonOf(request: Request): Promise<unknown> {
  const text = request.body ? await readText(request.body, MAX_BODY) : ''
  try {
    return JSON.parse(text)
  } catch {
    throw problem('invalid', 'We could not parse the JSON body of your request.')
  }
}
