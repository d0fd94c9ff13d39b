import { setImmediate } from 'node:timers/promises'
import { AppError, type ErrorCode } from '#lib/core/errors.ts'
import { charactersOf, encodePrompt, tokensUpTo } from '../model/conversation.ts'
import { type KvCache, limitFor } from '../model/kv-cache.ts'
import type { Tokenizer } from '../model/tokenizer.ts'
import { type Chat, createChat, finish, readPiece, takeToken } from './chat.ts'
import { type Batch, DecodingGroup } from './decoding-group.ts'
import { createModels, type Writer } from './loaded-models.ts'
import { type GenerateOrder, type GeneratorReport, noRoom } from './protocol.ts'

/** Chats in progress at most, which bounds their memory; later ones wait for one to end. */
const MOST_CHATS = 64

export interface Generator {
  start(order: GenerateOrder): void
  /** Ends a chat without a further report. */
  abort(id: string): void
  /** Releases a model, because its files change or are deleted. */
  forget(model: string): void
}

/**
 * Writes several chats at once, in rounds: each one reads a piece of its prompt, or writes a token together with the
 * others of its model. No chat in progress waits for another to end, and none changes a bit of another's answer.
 */
export function createGenerator(report: (report: GeneratorReport) => unknown, threads: number): Generator {
  const waiting: GenerateOrder[] = []
  const chats = new Map<string, Chat>()
  const models = createModels(threads, () => [...chats.values()].map(({ writer }) => writer))
  /** Chats whose prompts are not read to the end. */
  const reading = new Set<Chat>()
  const groups = new Set<DecodingGroup<Chat>>()
  /** Orders received but not yet started as chats. */
  const admitting = new Set<string>()
  let busy = false

  const isWriting = ({ order }: Chat): boolean => chats.has(order.id)

  /** Ends a chat; it leaves its group at the end of the round. */
  function remove(id: string): void {
    const chat = chats.get(id)
    if (chat) reading.delete(chat)
    chats.delete(id)
    admitting.delete(id)
  }

  /** An error ends only the chats that the work was for. */
  async function guarded(ids: readonly string[], work: () => Promise<void> | void): Promise<void> {
    try {
      await work()
    } catch (error) {
      for (const id of ids) {
        remove(id)
        report({ kind: 'refused', id, ...refusal(error) })
      }
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
    const chat = createChat(order, writer, prompt)
    chats.set(order.id, chat)
    reading.add(chat)
    report({ kind: 'began', id: order.id, promptTokens: prompt.length })
  }

  /** Writes a token, and ends the chat if it was the last. */
  function write(chat: Chat, logits: Float32Array): void {
    const reason = takeToken(chat, logits, report)
    if (reason === null) return
    remove(chat.order.id)
    finish(chat, reason, report)
  }

  function join(chat: Chat, cache: KvCache): void {
    const { decoder } = chat.writer
    const isFit = (group: DecodingGroup<Chat>) => group.decoder === decoder && group.limit === cache.limit
    const group = [...groups].find(isFit) ?? new DecodingGroup<Chat>(decoder, cache.limit)
    groups.add(group)
    group.join(chat, cache)
  }

  async function read(chat: Chat): Promise<void> {
    const logits = await readPiece(chat)
    if (!logits || !isWriting(chat)) return
    reading.delete(chat)
    join(chat, chat.cache)
    write(chat, logits)
  }

  async function step({ decoder }: DecodingGroup<Chat>, { chats: rows, cache }: Batch<Chat>): Promise<void> {
    const tokens = rows.map(({ next }) => next)
    const logits = await decoder.step(tokens, cache)
    for (const [row, chat] of rows.entries())
      if (isWriting(chat)) await guarded([chat.order.id], () => write(chat, logits[row] as Float32Array))
  }

  /** A chat that has ended leaves its group; one that has filled its cache goes on in a group with larger ones. */
  function regroup(chat: Chat, group: DecodingGroup<Chat>): void {
    const length = chat.promptTokens + chat.produced
    const hasRoom = length <= group.limit
    if (isWriting(chat) && hasRoom) return
    const cache = hasRoom ? null : group.copy(chat, limitFor(length, group.decoder.architecture.context))
    group.leave(chat)
    if (cache && isWriting(chat)) join(chat, cache)
  }

  async function admitSome(): Promise<void> {
    while (chats.size < MOST_CHATS) {
      const order = waiting.shift()
      if (!order) return
      await guarded([order.id], () => admit(order))
    }
  }

  async function round(): Promise<void> {
    await setImmediate() // lets orders and aborts arrive
    await admitSome()
    for (const chat of reading) await guarded([chat.order.id], () => read(chat))
    for (const group of groups)
      for (const batch of group.batches())
        await guarded(
          batch.chats.filter(isWriting).map(({ order }) => order.id),
          () => step(group, batch),
        )
    for (const group of groups) {
      for (const chat of group.chats()) await guarded([chat.order.id], () => regroup(chat, group))
      if (group.isEmpty) groups.delete(group)
    }
    await models.release()
  }

  async function work(): Promise<void> {
    if (busy) return
    busy = true
    while (waiting.length + chats.size + groups.size > 0) await round()
    busy = false
  }

  return {
    start(order) {
      waiting.push(order)
      void work()
    },
    abort(id) {
      remove(id)
      const index = waiting.findIndex((order) => order.id === id)
      if (index >= 0) waiting.splice(index, 1)
    },
    forget: (model) => models.forget(model),
  }
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
  /** @param length of the prompt, in tokens */
  constructor(length: number | string, context: number) {
    super('invalid', { message: noRoom(length, context) }, { param: 'messages' })
  }
}

type Refusal = Extract<GeneratorReport, { kind: 'refused' }>

const REFUSALS: Partial<Record<ErrorCode, Refusal['code']>> = { damaged: 'damaged', unavailable: 'memory' }
const refusalOf = (code: ErrorCode): Refusal['code'] => REFUSALS[code] ?? 'model'

function refusal(error: unknown): Pick<Refusal, 'code' | 'message'> {
  if (error instanceof ContextError) return { code: 'context', message: error.message }
  if (error instanceof AppError) return { code: refusalOf(error.code), message: error.message }
  return { code: 'internal', message: error instanceof Error ? error.message : String(error) }
}
