import { setImmediate } from 'node:timers/promises'
import { AppError } from '#lib/core/errors.ts'
import { createRandom, type Random } from '#lib/core/random.ts'
import { charactersOf, encodePrompt, tokensUpTo } from '../model/conversation.ts'
import { type Cache, emptyCache } from '../model/decoder.ts'
import { largest, logProbabilities, sample } from '../model/sampler.ts'
import { createTextStream, type Piece, type TextStream } from '../model/text-stream.ts'
import type { Tokenizer } from '../model/tokenizer.ts'
import { createModels, type Writer } from './loaded-models.ts'
import type { GenerateOrder, GeneratorReport, TokenLogprob } from './protocol.ts'

type Logprob = TokenLogprob & { top: TokenLogprob[] }

/** A chat in progress. */
interface Chat {
  order: GenerateOrder
  writer: Writer
  promptTokens: number
  produced: number
  cache: Cache
  /** Tokens not processed yet: first the prompt, then each new token. */
  next: number[]
  random: Random
  text: TextStream<Logprob | undefined>
}

export interface Generator {
  start(order: GenerateOrder): void
  /** Ends a chat without a further report. */
  abort(id: string): void
  /** Releases a model, because its files change or are deleted. */
  forget(model: string): void
}

/** Runs any number of chats at once: round-robin, one token each, so no chat waits for another to end. */
export function createGenerator(report: (report: GeneratorReport) => unknown, threads: number): Generator {
  const models = createModels(threads)
  const waiting: GenerateOrder[] = []
  const chats = new Map<string, Chat>()
  /** Orders received but not yet started as chats. */
  const admitting = new Set<string>()
  let busy = false

  /** An error in one chat ends only that chat. */
  async function guarded(id: string, work: () => Promise<void>): Promise<void> {
    try {
      await work()
    } catch (error) {
      chats.delete(id)
      admitting.delete(id)
      report({ kind: 'refused', id, ...refusal(error) })
    }
  }

  /** Reports before and after tokenizing, which may block this thread forever. */
  async function encode(order: GenerateOrder): Promise<{ writer: Writer; prompt: number[] }> {
    const { id, model, messages, exact } = order
    const isText = typeof messages === 'string'
    const characters = isText ? messages.length : charactersOf(messages)
    const announce = async () => void (await report({ kind: 'encoding', id, model, characters }))
    try {
      const writer = await models.open(model, exact, announce)
      const { tokenizer, decoder } = writer
      refuseFarTooLong(tokenizer, messages, decoder.architecture.context)
      return {
        writer,
        prompt: isText ? tokenizer.encode(messages) : encodePrompt(tokenizer, messages, new Date()),
      }
    } finally {
      await report({ kind: 'encoded', id })
    }
  }

  async function admit(order: GenerateOrder): Promise<void> {
    admitting.add(order.id)
    const { writer, prompt } = await encode(order)
    if (!admitting.delete(order.id)) return
    const { context } = writer.decoder.architecture
    if (prompt.length >= context) throw new ContextError(prompt.length, context)
    chats.set(order.id, {
      order,
      writer,
      promptTokens: prompt.length,
      produced: 0,
      cache: emptyCache(writer.decoder.architecture),
      next: prompt,
      random: createRandom(order.seed),
      text: createTextStream(order.stop),
    })
    report({ kind: 'began', id: order.id, promptTokens: prompt.length })
  }

  async function work(): Promise<void> {
    if (busy) return
    busy = true
    while (waiting.length + chats.size > 0) {
      for (const order of waiting.splice(0)) await guarded(order.id, () => admit(order))
      for (const chat of [...chats.values()]) {
        await setImmediate() // lets orders and aborts arrive
        if (!chats.has(chat.order.id)) continue
        await guarded(chat.order.id, async () => {
          const reason = await writeToken(chat, report)
          if (reason) finish(chat, reason)
        })
      }
    }
    busy = false
    await models.release()
  }

  function finish({ order, promptTokens, produced, text }: Chat, reason: 'stop' | 'length'): void {
    for (const piece of text.flush()) report(tokenReport(order.id, piece))
    chats.delete(order.id)
    report({ kind: 'finished', id: order.id, reason, promptTokens, completionTokens: produced })
  }

  return {
    start(order) {
      waiting.push(order)
      void work()
    },
    abort(id) {
      chats.delete(id)
      admitting.delete(id)
      const index = waiting.findIndex((order) => order.id === id)
      if (index >= 0) waiting.splice(index, 1)
    },
    forget: (model) => models.forget(model),
  }
}

/** Generates one token of a chat. @returns the finish reason, or null if it continues */
async function writeToken(
  chat: Chat,
  report: (report: GeneratorReport) => void,
): Promise<'stop' | 'length' | null> {
  const { order, writer, text } = chat
  const { context, ends } = writer.decoder.architecture
  if (chat.produced >= order.maxTokens || chat.cache.length + chat.next.length > context) return 'length'

  const { logits, cache } = await writer.decoder.read(chat.next, chat.cache)
  const id = sample(logits, order, chat.random)
  if (writer.tokenizer.isSpecial(id) || ends.includes(id)) return 'stop'
  chat.cache = cache
  chat.next = [id]
  chat.produced += 1
  const logprob =
    order.topLogprobs === null ? undefined : describe(logits, id, order.topLogprobs, writer.tokenizer)
  for (const piece of text.push(writer.tokenizer.bytes(id), logprob)) report(tokenReport(order.id, piece))
  return text.stopped ? 'stop' : null
}

const tokenReport = (id: string, { text, tag }: Piece<Logprob | undefined>): GeneratorReport =>
  tag ? { kind: 'token', id, text, logprob: tag } : { kind: 'token', id, text }

function describe(logits: Float32Array, id: number, top: number, tokenizer: Tokenizer): Logprob {
  const logprobs = logProbabilities(logits)
  const one = (token: number): TokenLogprob => {
    const bytes = tokenizer.bytes(token)
    return {
      token: new TextDecoder().decode(bytes),
      logprob: logprobs[token] ?? -Infinity,
      bytes: [...bytes],
    }
  }
  return { ...one(id), top: largest(logprobs, top).map(one) }
}

/** A prompt longer than the context times this factor is rejected without being tokenised completely. */
const FAR = 2

/** @throws ContextError */
function refuseFarTooLong(tokenizer: Tokenizer, prompt: GenerateOrder['messages'], context: number): void {
  const count = tokensUpTo(tokenizer, prompt, FAR * context)
  if (count > FAR * context) throw new ContextError(`at least ${count}`, context)
}

/** The prompt leaves no room for an answer. */
class ContextError extends AppError {
  /** In OpenAI's wording: clients parse the limit from it. @param length of the prompt, in tokens */
  constructor(length: number | string, context: number) {
    const words = `This model's maximum context length is ${context} tokens. However, your prompt has ${length} tokens, and the answer needs at least one more.`
    super('invalid', { message: `${words} Please reduce the length of the messages.` }, { param: 'messages' })
  }
}

function refusal(error: unknown): Pick<Extract<GeneratorReport, { kind: 'refused' }>, 'code' | 'message'> {
  if (error instanceof ContextError) return { code: 'context', message: error.message }
  if (error instanceof AppError)
    return { code: error.code === 'damaged' ? 'damaged' : 'model', message: error.message }
  return { code: 'internal', message: error instanceof Error ? error.message : String(error) }
}
