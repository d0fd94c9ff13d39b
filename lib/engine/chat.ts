import type { ChatCompletionTokenLogprob } from 'openai/resources/chat/completions'
import { newId } from '#lib/ids.ts'
import { ChatRequest, ordersOf, samplingOf } from './chat-request.ts'
import type { ChatReport, Generator } from './generator.ts'
import type { SamplingOptions } from './model/sampler.ts'
import type { ModelStore } from './models.ts'
import { errorBody, parse, problem } from './problem.ts'
import { streamOf } from './stream.ts'
import { seconds, type WireChunk, type WireCompletion } from './wire.ts'

type Report<Kind extends ChatReport['kind']> = Extract<ChatReport, { kind: Kind }>

/** What every chunk of one answer, or its only body, says of itself. */
interface Head {
  id: string
  created: number
  model: string
  system_fingerprint: string
}

/** A refusal by the model's process, for the caller. */
function refused({ code, message }: Report<'refused'>) {
  switch (code) {
    case 'context':
      return problem('invalid', message, { code: 'context_length_exceeded', param: 'messages' })
    case 'model':
      return problem('invalid', message, { code: 'model_unusable', param: 'model' })
    case 'damaged':
      return problem('damaged', message, { code: 'model_damaged', param: 'model' })
    case 'internal':
      return problem('internal', message)
  }
}

function tokenLogprob({ logprob }: Report<'token'>): ChatCompletionTokenLogprob[] {
  if (!logprob) return []
  const { top, ...own } = logprob
  return [{ ...own, top_logprobs: top }]
}

/** Counts tokens and time over all choices of one request. */
function meter(sampling: SamplingOptions) {
  const start = performance.now()
  const since = () => Math.round(performance.now() - start)
  let first: number | null = null
  let prompt = 0
  let completion = 0
  return {
    read(report: ChatReport): void {
      if (report.kind === 'began') prompt = report.promptTokens
      if (report.kind === 'token') first ??= since()
      if (report.kind === 'finished') completion += report.completionTokens
    },
    usage: () => ({
      prompt_tokens: prompt,
      completion_tokens: completion,
      total_tokens: prompt + completion,
    }),
    facts: () => ({
      first_token_ms: first ?? since(),
      total_ms: since(),
      sampling: { temperature: sampling.temperature, top_p: sampling.topP },
    }),
  }
}
type Meter = ReturnType<typeof meter>

const indexOf = ({ id }: ChatReport): number => Number(id.slice(id.lastIndexOf('-') + 1))

async function whole(reports: AsyncIterable<ChatReport>, head: Head, request: ChatRequest, meter: Meter) {
  const choices: WireCompletion['choices'] = Array.from({ length: request.n ?? 1 }, (_, index) => ({
    index,
    message: { role: 'assistant', content: '', refusal: null },
    logprobs: request.logprobs ? { content: [], refusal: null } : null,
    finish_reason: 'stop',
  }))
  for await (const report of reports) {
    meter.read(report)
    const choice = choices[indexOf(report)]
    if (report.kind === 'refused') throw refused(report)
    if (!choice) continue
    if (report.kind === 'finished') choice.finish_reason = report.reason
    if (report.kind === 'token') {
      choice.message.content += report.text
      choice.logprobs?.content?.push(...tokenLogprob(report))
    }
  }
  const body: WireCompletion = {
    ...head,
    object: 'chat.completion',
    choices,
    usage: meter.usage(),
    limerick: meter.facts(),
  }
  return Response.json(body)
}

type Choice = WireChunk['choices'][number]

/** The choice that a report adds to the stream, if it adds any. */
function choiceOf(report: ChatReport): Choice | null {
  const index = indexOf(report)
  switch (report.kind) {
    case 'began':
      return {
        index,
        delta: { role: 'assistant', content: '', refusal: null },
        logprobs: null,
        finish_reason: null,
      }
    case 'finished':
      return { index, delta: {}, logprobs: null, finish_reason: report.reason }
    case 'token': {
      const content = tokenLogprob(report)
      if (report.text === '' && content.length === 0) return null
      const logprobs = content.length > 0 ? { content, refusal: null } : null
      return { index, delta: { content: report.text }, logprobs, finish_reason: null }
    }
    case 'refused':
      throw refused(report)
  }
}

async function* chunks(reports: AsyncIterable<ChatReport>, head: Head, request: ChatRequest, meter: Meter) {
  const usage = request.stream_options?.include_usage ? { usage: null } : {}
  const chunk = (choices: Choice[]): WireChunk => ({
    ...head,
    object: 'chat.completion.chunk',
    choices,
    ...usage,
  })
  for await (const report of reports) {
    meter.read(report)
    const choice = choiceOf(report)
    if (!choice) continue
    const facts = report.kind === 'finished' ? { limerick: meter.facts() } : {}
    yield { ...chunk([choice]), ...facts }
  }
  if (request.stream_options?.include_usage) yield { ...chunk([]), usage: meter.usage() }
}

const SSE = { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-store' }

/** Server-sent events; what goes wrong on the way is an error frame, and then there is no `[DONE]`. */
async function* frames(items: AsyncIterable<unknown>): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder()
  const frame = (text: string) => encoder.encode(`data: ${text}\n\n`)
  try {
    for await (const item of items) yield frame(JSON.stringify(item))
    yield frame('[DONE]')
  } catch (thrown) {
    yield frame(JSON.stringify(errorBody(thrown).body))
  }
}

/** Puts back an item that was read ahead. */
async function* prepend<Item>(first: Item, rest: AsyncIterator<Item>): AsyncGenerator<Item> {
  try {
    yield first
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value
  } finally {
    await rest.return?.()
  }
}

/**
 * Answers a chat, at once or token by token.
 * @param signal fires when the caller has left
 * @throws AppError as long as nothing has been answered
 */
export async function answer(models: ModelStore, generator: Generator, body: unknown, signal: AbortSignal) {
  const request = parse(ChatRequest, body)
  const model = await models.get(request.model)
  const id = newId('chatcmpl-')
  const sampling = samplingOf(request, models.sampling(model))
  const watch = meter(sampling)
  const reports = generator.run(ordersOf(request, id, model.folder, sampling), signal)
  const [first, fingerprint] = await Promise.all([reports.next(), models.fingerprint(model)])
  if (first.done) throw problem('internal', 'The caller has left.')
  if (first.value.kind === 'refused') throw refused(first.value)
  const head = { id, created: seconds(Date.now()), model: model.name, system_fingerprint: fingerprint }
  const all = prepend(first.value, reports)
  if (!request.stream) return whole(all, head, request, watch)
  return new Response(streamOf(frames(chunks(all, head, request, watch))), { headers: SSE })
}
