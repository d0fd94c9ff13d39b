export type Handler = (
  request: Request,
  context: { params: Promise<Record<string, string>> },
) => Promise<Response>

export interface Sent {
  params?: Record<string, string>
  query?: string
  /** A text leaves as it is, anything else as JSON. */
  body?: unknown
  method?: string
}

/** Calls a route as Next does. @returns with the last line of its answer, read as JSON */
export async function callRoute<Answer = ReturnType<JSON['parse']>>(
  handler: Handler,
  { params = {}, query = '', body, method = body === undefined ? 'GET' : 'POST' }: Sent = {},
): Promise<{ status: number; text: string; answer: Answer }> {
  const headers = body === undefined ? undefined : { 'content-type': 'application/json' }
  const sent = body === undefined || typeof body === 'string' ? body : JSON.stringify(body)
  const request = new Request(`http://localhost/${query}`, { method, headers, body: sent })
  const response = await handler(request, { params: Promise.resolve(params) })
  const text = await response.text()
  return { status: response.status, text, answer: JSON.parse(text.trim().split('\n').at(-1) ?? 'null') }
}
