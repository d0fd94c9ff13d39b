import { APIError, type OpenAI } from 'openai'
import { AppError } from '#lib/errors.ts'
import { failure, logInternal } from '#lib/http/failure.ts'
import { resolveModel } from '#lib/models/resolve.ts'
import { type Bill, closeBill, noteAnswer, openBill } from './bill.ts'
import type { AnswerFacts, CompareChunk, CompareRequest, Pane, Sampling } from './schema.ts'
import { noFacts, take } from './served.ts'

/** How long a provider may take to begin its answer, in ms: a model may have to be loaded first. */
const PATIENCE = 120_000

/** Longest answer that is taken, in characters; no token limit of ours reaches it. */
const LONGEST = 1_000_000

const conversation = ({ system, prompt }: CompareRequest): OpenAI.ChatCompletionMessageParam[] => [
  ...(system.trim() ? [{ role: 'system' as const, content: system }] : []),
  { role: 'user', content: prompt },
]

/** Servers other than OpenAI's know the older name of the limit. */
const sampling = ({ temperature, topP, maxTokens, seed }: Sampling, { providerId }: Pane) => ({
  ...(temperature !== null && { temperature }),
  ...(topP !== null && { top_p: topP }),
  ...(seed !== null && { seed }),
  ...(providerId === 'compatible' ? { max_tokens: maxTokens } : { max_completion_tokens: maxTokens }),
})

async function ask(request: CompareRequest, pane: Pane, signal: AbortSignal) {
  const { client, model } = resolveModel(pane)
  const { data, request_id } = await client.chat.completions
    .create(
      {
        model,
        messages: conversation(request),
        stream: true,
        stream_options: { include_usage: true },
        ...sampling(request, pane),
      },
      { signal, timeout: PATIENCE },
    )
    .withResponse()
  return { chunks: data, requestId: request_id }
}

const brokeOff = (cause: unknown) =>
  new AppError('provider_unreachable', 'The answer broke off: the connection was lost, or sent no answer.', {
    cause,
  })

/** The texts of an answer as they come, while `facts` fills. What breaks here broke on the provider's side. */
async function* read(chunks: AsyncIterable<unknown>, facts: AnswerFacts, elapsed: () => number) {
  let length = 0
  try {
    for await (const chunk of chunks) {
      const ms = elapsed()
      const text = take(facts, chunk, ms)
      length += text.length
      if (length > LONGEST) throw new AppError('too_large', `The answer passed ${LONGEST} characters.`)
      if (text) yield { text, ms }
    }
  } catch (thrown) {
    throw thrown instanceof APIError || thrown instanceof AppError ? thrown : brokeOff(thrown)
  }
}

/**
 * One answer as it comes. Its last chunk says how it ended: `finished`; `interrupted` when the stream stopped without a
 * finish reason, which the SDK takes for an end like any other, or broke after its first token; else `failed`. What it
 * may cost is set aside before it is asked for.
 * When the signal stops it, it just ends.
 */
async function* answer(
  request: CompareRequest,
  pane: Pane,
  signal: AbortSignal,
): AsyncGenerator<CompareChunk> {
  const began = performance.now()
  const elapsed = () => Math.round((performance.now() - began) * 10) / 10
  const facts = noFacts()
  const ending = () => ({ pane: pane.id, ...facts, totalMs: elapsed(), answeredAt: Date.now() })
  let bill: Bill | null = null
  let failedBy: unknown
  yield { type: 'began', pane: pane.id, model: pane.model }
  try {
    bill = await openBill(request, pane)
    const { chunks, requestId } = await ask(request, pane, signal)
    facts.requestId = requestId
    let named = false
    for await (const token of read(chunks, facts, elapsed)) {
      const { reportedModel, requestId } = facts
      if (!named) yield { type: 'named', pane: pane.id, reportedModel, requestId }
      named = true
      if (bill) bill.written += token.text.length
      yield { type: 'token', pane: pane.id, ...token }
    }
    if (signal.aborted) return
    if (facts.finishReason === null) yield { type: 'interrupted', error: null, ...ending() }
    else yield { type: 'finished', ...ending() }
  } catch (thrown) {
    failedBy = thrown
    if (signal.aborted) return
    await noteAnswer(pane, thrown)
    const failed = failure(thrown)
    logInternal(failed)
    const { error } = failed.toWire()
    if (facts.firstTokenMs === null) yield { type: 'failed', pane: pane.id, error }
    else yield { type: 'interrupted', error, ...ending() }
  } finally {
    await closeBill(bill, facts, failedBy)
  }
}

/** Asks every pane at once and sends each chunk the moment it comes: no pane waits for another, whatever happens to it. */
export async function compare(
  request: CompareRequest,
  send: (chunk: CompareChunk) => void,
  signal: AbortSignal,
): Promise<void> {
  await Promise.all(
    request.panes.map(async (pane) => {
      for await (const chunk of answer(request, pane, signal)) send(chunk)
    }),
  )
}
