import type { ChatCompletionTokenLogprob } from 'openai/resources/chat/completions'
import { newId } from '#lib/core/ids.ts'
import { parse } from './api-error.ts'
import { askOf, ChatRequest, refuseUnsupported } from './chat-request.ts'
import {
  type Answerers,
  type Asker,
  type Generation,
  generate,
  streamed,
  type TokenReport,
  type Written,
} from './generation.ts'
import type { ModelStore } from './models.ts'
import { seconds, type WireChunk, type WireCompletion } from './wire.ts'

/** Fields shared by all chunks of an answer and by a non-streamed body. */
interface Head {
  id: string
  created: number
  model: string
  system_fingerprint: string
  service_tier?: 'default'
}

function tokenLogprob({ logprob }: TokenReport): ChatCompletionTokenLogprob[] {
  if (!logprob) return []
  const { top, ...own } = logprob
  return [{ ...own, top_logprobs: top }]
}

async function whole({ written, meter }: Generation, head: Head, request: ChatRequest) {
  const choices: WireCompletion['choices'] = Array.from({ length: request.n ?? 1 }, (_, index) => ({
    index,
    message: { role: 'assistant', content: '', refusal: null },
    logprobs: request.logprobs ? { content: [], refusal: null } : null,
    finish_reason: 'stop',
  }))
  for await (const { index, report } of written) {
    const choice = choices[index]
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

/** The choice that a report adds to the stream, or null. */
function choiceOf({ index, report }: Written): Choice | null {
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
  }
}

async function* chunks({ written, meter }: Generation, head: Head, request: ChatRequest) {
  const usage = request.stream_options?.include_usage ? { usage: null } : {}
  const chunk = (choices: Choice[]): WireChunk => ({
    ...head,
    object: 'chat.completion.chunk',
    choices,
    ...usage,
  })
  for await (const item of written) {
    const choice = choiceOf(item)
    if (!choice) continue
    const facts = item.report.kind === 'finished' ? { limerick: meter.facts() } : {}
    yield { ...chunk([choice]), ...facts }
  }
  if (request.stream_options?.include_usage) yield { ...chunk([]), usage: meter.usage() }
}

/**
 * Answers a chat, at once or token by token.
 * @throws AppError only before the response has started
 */
export async function chat(models: ModelStore, answerers: Answerers, body: unknown, asker: Asker) {
  const request = parse(ChatRequest, body)
  refuseUnsupported(request)
  const id = newId('chatcmpl-')
  const generation = await generate(models, answerers, askOf(request), id, asker.signal)
  const { model, fingerprint: system_fingerprint } = generation
  const tier = request.service_tier ? { service_tier: 'default' as const } : {}
  const head = { id, created: seconds(Date.now()), model, system_fingerprint, ...tier }
  if (!request.stream) return whole(generation, head, request)
  return streamed(chunks(generation, head, request), asker)
}
