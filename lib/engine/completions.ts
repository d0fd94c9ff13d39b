import { z } from 'zod'
import { newId } from '#lib/core/ids.ts'
import { apiError, parse, unsupported } from './api-error.ts'
import { Extensions, isExact, Stop, Temperature, TopP } from './chat-request.ts'
import { type Answerers, type Ask, type Asker, type Generation, generate, streamed } from './generation.ts'
import type { ModelStore } from './models.ts'
import { refusalsBut, refuseAll } from './refusals.ts'
import { seconds, type WireTextCompletion } from './wire.ts'

/** OpenAI's default for `max_tokens`. */
const USUAL_LENGTH = 16

/** Maximum prompts per request, and answers per prompt. */
const MOST = 128

/** Body of `POST /v1/completions`: raw text to continue, without a chat template. */
const CompletionRequest = z.looseObject({
  model: z.string().min(1),
  prompt: z.union([z.array(z.string().min(1)).min(1).max(MOST), z.string().min(1)]),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
  temperature: Temperature,
  top_p: TopP,
  max_tokens: z.number().int().min(1).nullish(),
  n: z.number().int().min(1).max(128).nullish(),
  stop: Stop,
  seed: z.number().int().nullish(),
  echo: z.boolean().nullish(),
  limerick: Extensions,
})
type CompletionRequest = z.infer<typeof CompletionRequest>

const REFUSALS = refusalsBut(['prompt', 'max_tokens', 'n', 'stop', 'seed', 'echo', 'best_of'], [])

const promptsOf = ({ prompt }: CompletionRequest): string[] => [prompt].flat()

function refuseUnsupported(request: CompletionRequest): void {
  refuseAll(request, REFUSALS)
  const answers = promptsOf(request).length * (request.n ?? 1)
  if (answers > MOST)
    throw apiError('invalid', `Invalid 'n': ${answers} answers in all, and at most ${MOST} are written.`, {
      code: 'integer_above_max_value',
      param: 'n',
    })
  const best = request.best_of ?? 1
  if (typeof best === 'number' && best <= (request.n ?? 1)) return
  throw unsupported('best_of', 'Send n, and choose among the answers.')
}

const askOf = (request: CompletionRequest): Ask => ({
  model: request.model,
  prompts: promptsOf(request),
  param: 'prompt',
  n: request.n ?? 1,
  temperature: request.temperature,
  top_p: request.top_p,
  maxTokens: request.max_tokens ?? USUAL_LENGTH,
  stop: request.stop,
  seed: request.seed,
  topLogprobs: null,
  exact: isExact(request),
})

type Choice = WireTextCompletion['choices'][number]
type Head = Omit<WireTextCompletion, 'choices' | 'usage' | 'limerick'>

/** The prefix of each answer: empty, or the prompt if `echo` is set. */
function beginnings(request: CompletionRequest): string[] {
  const n = request.n ?? 1
  return promptsOf(request).flatMap((prompt) => Array.from({ length: n }, () => (request.echo ? prompt : '')))
}

async function whole(
  { written, meter }: Generation,
  head: Head,
  request: CompletionRequest,
): Promise<Response> {
  const choices = beginnings(request).map(
    (text, index): Choice => ({ index, text, logprobs: null, finish_reason: 'stop' }),
  )
  for await (const { index, report } of written) {
    const choice = choices[index]
    if (!choice) continue
    if (report.kind === 'token') choice.text += report.text
    if (report.kind === 'finished') choice.finish_reason = report.reason
  }
  return Response.json({ ...head, choices, usage: meter.usage(), limerick: meter.facts() })
}

async function* chunks({ written, meter }: Generation, head: Head, request: CompletionRequest) {
  const first = beginnings(request)
  const usage = request.stream_options?.include_usage ? { usage: null } : {}
  const chunk = (index: number, text: string, finish_reason: Choice['finish_reason'] | null) => ({
    ...head,
    choices: [{ index, text, logprobs: null, finish_reason }],
    ...usage,
  })
  for await (const { index, report } of written) {
    if (report.kind === 'began' && first[index]) yield chunk(index, first[index], null)
    if (report.kind === 'token' && report.text !== '') yield chunk(index, report.text, null)
    if (report.kind === 'finished') yield { ...chunk(index, '', report.reason), limerick: meter.facts() }
  }
  if (request.stream_options?.include_usage) yield { ...head, choices: [], usage: meter.usage() }
}

/**
 * Continues a text, at once or token by token.
 * @throws AppError only before the response has started
 */
export async function complete(models: ModelStore, answerers: Answerers, body: unknown, asker: Asker) {
  const request = parse(CompletionRequest, body)
  refuseUnsupported(request)
  const id = newId('cmpl-')
  const generation = await generate(models, answerers, askOf(request), id, asker.signal)
  const { model, fingerprint: system_fingerprint } = generation
  const head: Head = {
    id,
    object: 'text_completion',
    created: seconds(Date.now()),
    model,
    system_fingerprint,
  }
  if (!request.stream) return whole(generation, head, request)
  return streamed(chunks(generation, head, request), asker)
}
