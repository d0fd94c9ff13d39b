import { existsSync, statSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { LRUCache } from 'lru-cache'
import { AppError } from '#lib/core/errors.ts'
import { createRandom, type Random } from '#lib/core/random.ts'
import { parameterCount } from '../model/architecture.ts'
import { charactersOf, encodePrompt, tokensUpTo } from '../model/conversation.ts'
import {
  type Cache,
  createDecoder,
  type Decoder,
  decodingKey,
  emptyCache,
  openDecodingSession,
} from '../model/decoder.ts'
import { adapterBase, type Model, mergedWeights, modelFiles, readModel } from '../model/model-folder.ts'
import { largest, logProbabilities, sample } from '../model/sampler.ts'
import type { Session } from '../model/session.ts'
import type { Tensors } from '../model/tensors.ts'
import { createTextStream, type Piece, type TextStream } from '../model/text-stream.ts'
import { readTokenizer, type Tokenizer } from '../model/tokenizer.ts'
import type { GenerateOrder, GeneratorReport, TokenLogprob } from './protocol.ts'

/** Maximum number of models in memory. */
const MODELS = 4

interface Writer {
  decoder: Decoder
  tokenizer: Tokenizer
}

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
  async function encode({
    id,
    model,
    messages,
  }: GenerateOrder): Promise<{ writer: Writer; prompt: number[] }> {
    const isText = typeof messages === 'string'
    const characters = isText ? messages.length : charactersOf(messages)
    const announce = async () => void (await report({ kind: 'encoding', id, model, characters }))
    try {
      const writer = await models.open(model, announce)
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

/** Loads models on demand and keeps the most recent; adapters share the weights of their base model. */
function createModels(threads: number) {
  const writers = new LRUCache<string, { writer: Writer; stamp: string; session: string }>({ max: MODELS })
  const weights = new LRUCache<string, { weights: Tensors; stamp: string }>({ max: MODELS })
  const sessions = new LRUCache<string, Promise<Session>>({
    max: MODELS,
    dispose: (session, key, reason) => reason === 'evict' && retire(session, key),
  })
  const retired = new Set<Promise<Session>>()

  /** Marks a session for release once no chat uses it; new chats do not use it. */
  function retire(session: Promise<Session>, key: string): void {
    retired.add(session)
    for (const folder of [...writers.keys()])
      if (writers.peek(folder)?.session === key) writers.delete(folder)
  }

  async function baseWeights(folder: string): Promise<Tensors> {
    const stamp = stampOf(folder)
    const known = weights.get(folder)
    if (known?.stamp === stamp) return known.weights
    const read = await mergedWeights(folder)
    weights.set(folder, { stamp, weights: read })
    return read
  }

  async function sessionOf(model: Model, key: string): Promise<Session> {
    const small = parameterCount(model.architecture) < 20e6 // threads would only wait for each other
    const session = sessions.get(key) ?? openDecodingSession(model, small ? 1 : threads)
    sessions.set(key, session)
    try {
      return await session
    } catch (thrown) {
      sessions.delete(key) // do not cache failures: a retry may succeed
      throw thrown
    }
  }

  async function read(folder: string, stamp: string): Promise<{ decoder: Decoder; session: string }> {
    const model = await readModel(folder, baseWeights)
    if (!model.adapter) weights.set(folder, { stamp, weights: model.weights })
    const session = decodingKey(model)
    return { decoder: createDecoder(model, await sessionOf(model, session)), session }
  }

  /** @param announce called before the model's tokenizer or chat template runs */
  async function open(folder: string, announce: () => Promise<void>): Promise<Writer> {
    const stamp = stampOf(folder)
    const known = writers.get(folder)
    if (known?.stamp === stamp) {
      await announce()
      return known.writer
    }
    const { decoder, session } = await read(folder, stamp)
    await announce()
    const writer = { decoder, tokenizer: readTokenizer(folder) }
    writers.set(folder, { stamp, writer, session })
    return writer
  }

  return {
    open,
    /** Frees retired sessions; called while no chat is running. */
    async release(): Promise<void> {
      const spare = [...retired]
      retired.clear()
      for (const session of spare) await (await session).release()
    },
    forget(folder: string) {
      writers.delete(folder)
      weights.delete(folder)
    },
  }
}

/** Changes when a model's files change. */
function stampOf(folder: string): string {
  const base = adapterBase(folder)
  const stamps = modelFiles(folder).map((file) => {
    if (!existsSync(file))
      throw new AppError('not_found', { message: 'The files of this model are not there any more.' })
    const { mtimeMs, size, ino } = statSync(file)
    return [mtimeMs, size, ino].join(' ')
  })
  return [...stamps, base ? stampOf(base) : ''].join(' ')
}
