import type { ResponseOutputMessage, ResponseOutputText } from 'openai/resources/responses/responses'
import { newId } from '#lib/core/ids.ts'
import { errorBody, parse } from './api-error.ts'
import { type Answerers, type Asker, type Generation, generate, streamedEvents } from './generation.ts'
import type { ModelStore } from './models.ts'
import { askOf, ResponseRequest, refuseUnsupported } from './responses-request.ts'
import { seconds, type WireResponse, type WireResponseEvent } from './wire.ts'

type Reason = 'stop' | 'length'

const partOf = (text: string): ResponseOutputText => ({
  type: 'output_text',
  text,
  annotations: [],
  logprobs: [],
})

/** Fields that are constant from the start to the end of a response. */
function headOf({ model, sampling }: Generation, request: ResponseRequest): WireResponse {
  return {
    id: newId('resp_'),
    object: 'response',
    created_at: seconds(Date.now()),
    completed_at: null,
    status: 'in_progress',
    access_programs: null,
    background: false,
    error: null,
    incomplete_details: null,
    instructions: request.instructions ?? null,
    max_output_tokens: request.max_output_tokens ?? null,
    model,
    output: [],
    parallel_tool_calls: false,
    previous_response_id: null,
    reasoning: { effort: null, summary: null },
    service_tier: 'default',
    store: false,
    temperature: sampling.temperature,
    text: { format: { type: 'text' } },
    tool_choice: 'none',
    tools: [],
    top_p: sampling.topP,
    truncation: 'disabled',
    metadata: request.metadata ?? {},
  }
}

const messageOf = (
  id: string,
  status: ResponseOutputMessage['status'],
  content: ResponseOutputText[],
): ResponseOutputMessage => ({ id, type: 'message', role: 'assistant', status, content })

/** The completed response. */
function ended(head: WireResponse, message: ResponseOutputMessage, { meter }: Generation): WireResponse {
  const { prompt_tokens, completion_tokens, total_tokens } = meter.usage()
  const isWhole = message.status === 'completed'
  return {
    ...head,
    status: isWhole ? 'completed' : 'incomplete',
    completed_at: isWhole ? seconds(Date.now()) : null,
    incomplete_details: isWhole ? null : { reason: 'max_output_tokens' },
    output: [message],
    usage: {
      input_tokens: prompt_tokens,
      input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
      output_tokens: completion_tokens,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens,
    },
    limerick: meter.facts(),
  }
}

const statusAfter = (reason: Reason) => (reason === 'stop' ? 'completed' : 'incomplete')

async function whole(generation: Generation, request: ResponseRequest): Promise<Response> {
  const head = headOf(generation, request)
  let text = ''
  let reason: Reason = 'stop'
  for await (const { report } of generation.written) {
    if (report.kind === 'token') text += report.text
    if (report.kind === 'finished') reason = report.reason
  }
  const message = messageOf(newId('msg_'), statusAfter(reason), [partOf(text)])
  return Response.json(ended(head, message, generation))
}

/** An event without its sequence number. */
type Draft = WireResponseEvent extends infer Event
  ? Event extends unknown
    ? Omit<Event, 'sequence_number'>
    : never
  : never

async function* drafts(generation: Generation, head: WireResponse): AsyncGenerator<Draft> {
  const item_id = newId('msg_')
  const place = { item_id, output_index: 0, content_index: 0 }
  yield { type: 'response.created', response: head }
  yield { type: 'response.in_progress', response: head }
  yield {
    type: 'response.output_item.added',
    output_index: 0,
    item: messageOf(item_id, 'in_progress', []),
  }
  yield { type: 'response.content_part.added', ...place, part: partOf('') }
  let text = ''
  let reason: Reason = 'stop'
  for await (const { report } of generation.written) {
    if (report.kind === 'finished') reason = report.reason
    if (report.kind !== 'token' || report.text === '') continue
    text += report.text
    yield { type: 'response.output_text.delta', ...place, delta: report.text, logprobs: [] }
  }
  yield { type: 'response.output_text.done', ...place, text, logprobs: [] }
  yield { type: 'response.content_part.done', ...place, part: partOf(text) }
  const message = messageOf(item_id, statusAfter(reason), [partOf(text)])
  yield { type: 'response.output_item.done', output_index: 0, item: message }
  const response = ended(head, message, generation)
  yield response.status === 'completed'
    ? { type: 'response.completed', response }
    : { type: 'response.incomplete', response }
}

/** The events of a response; an error ends them with `error` and `response.failed`. */
async function* events(
  generation: Generation,
  request: ResponseRequest,
  { requestId }: Asker,
): AsyncGenerator<WireResponseEvent> {
  const head = headOf(generation, request)
  let sequence_number = 0
  const numbered = (draft: Draft): WireResponseEvent => ({ ...draft, sequence_number: sequence_number++ })
  try {
    for await (const draft of drafts(generation, head)) yield numbered(draft)
  } catch (thrown) {
    const { message, code } = errorBody(thrown, requestId).error
    yield numbered({ type: 'error', message, code: code ?? 'server_error', param: null })
    const error = { code: 'server_error' as const, message }
    yield numbered({ type: 'response.failed', response: { ...head, status: 'failed', error } })
  }
}

/**
 * Creates a response, at once or as events. Nothing is stored.
 * @throws AppError only before the response has started
 */
export async function respond(models: ModelStore, answerers: Answerers, body: unknown, asker: Asker) {
  const request = parse(ResponseRequest, body)
  refuseUnsupported(request)
  const generation = await generate(models, answerers, askOf(request), newId('resp_'), asker.signal)
  if (!request.stream) return whole(generation, request)
  return streamedEvents(events(generation, request, asker))
}
