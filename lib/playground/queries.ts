import { AppError, fromWire } from '#lib/errors.ts'
import { send } from '#lib/http/fetch.ts'
import { readNdjson } from '#lib/http/ndjson.ts'
import type { CompareChunk, CompareRequest } from './schema.ts'

const lost = (cause?: unknown) =>
  new AppError('unavailable', 'The connection to Limerick was lost. Is it still running?', { cause })

/**
 * Asks every pane at once and gives each chunk as it comes; aborting ends every answer at its provider.
 * @throws AppError when the request is refused, or the connection breaks before every pane has its last chunk
 */
export async function* askPanes(body: CompareRequest, signal: AbortSignal): AsyncGenerator<CompareChunk> {
  const response = await send('/api/playground', { method: 'POST', body, signal })
  if (!response.ok) throw fromWire(await response.json().catch(() => null))
  const open = new Set(body.panes.map(({ id }) => id))
  try {
    for await (const chunk of readNdjson<CompareChunk>(response.body ?? new ReadableStream())) {
      if (chunk.type !== 'began' && chunk.type !== 'token') open.delete(chunk.pane)
      yield chunk
    }
  } catch (cause) {
    throw lost(cause)
  }
  if (open.size > 0) throw lost()
}
