/** OpenAI's `type` for an error of this HTTP status. */
export function typeOf(status: number, code?: string | null): string {
  if (status === 402 || code === 'insufficient_quota') return 'insufficient_quota'
  if (status === 429) return 'rate_limit_error'
  return status >= 500 ? 'server_error' : 'invalid_request_error'
}
