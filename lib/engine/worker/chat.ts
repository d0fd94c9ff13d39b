import { createRandom, type Random } from '#lib/core/random.ts'
import { emptyCache } from '../model/decoder.ts'
import { type KvCache, limitFor } from '../model/kv-cache.ts'
import { largest, logProbabilities, sample } from '../model/sampler.ts'
import { createTextStream, type Piece as TextPiece, type TextStream } from '../model/text-stream.ts'
import type { Tokenizer } from '../model/tokenizer.ts'
import type { Writer } from './loaded-models.ts'
import { type Piece, piecesOf } from './prefixes.ts'
import type { GenerateOrder, GeneratorReport, TokenLogprob } from './protocol.ts'

type Logprob = TokenLogprob & { top: TokenLogprob[] }

/** A chat in progress. */
export interface Chat {
  order: GenerateOrder
  writer: Writer
  promptTokens: number
  produced: number
  /** Parts of the prompt that are not read yet. */
  pieces: Piece[]
  /** Its own, until the prompt is read. */
  cache: KvCache
  /** The last token, which is not read yet. */
  next: number
  random: Random
  text: TextStream<Logprob | undefined>
}

/** @param prompt its tokens, fewer than the model's context */
export function createChat(order: GenerateOrder, writer: Writer, prompt: readonly number[]): Chat {
  const { architecture } = writer.decoder
  return {
    order,
    writer,
    promptTokens: prompt.length,
    produced: 0,
    pieces: piecesOf(prompt, writer.tokenizer.isSpecial),
    cache: emptyCache(architecture, limitFor(prompt.length + 1, architecture.context)),
    next: -1,
    random: createRandom(order.seed),
    text: createTextStream(order.stop),
  }
}

/**
 * Reads the next piece of a prompt, with those before it that another prompt has left.
 * @returns the logits of the first token of the answer once the prompt is read
 */
export async function readPiece({ writer, pieces, cache }: Chat): Promise<Float32Array | null> {
  const { decoder, prefixes } = writer
  for (let piece = pieces.shift(); piece; piece = pieces.shift()) {
    const known = prefixes.get(piece.key)
    if (known && pieces.length > 0) {
      cache.append(0, known, 0)
      continue
    }
    const start = cache.lengths[0] as number
    const logits = await decoder.read(piece.tokens, cache)
    if (pieces.length === 0) return logits
    const kept = emptyCache(decoder.architecture, piece.tokens.length)
    kept.append(0, cache, 0, start)
    prefixes.set(piece.key, kept)
    return null
  }
  return null
}

/** Draws a token and reports its text. @returns the finish reason, or null if the answer continues */
export function takeToken(
  chat: Chat,
  logits: Float32Array,
  report: (report: GeneratorReport) => void,
): 'stop' | 'length' | null {
  const { order, writer, text } = chat
  const { context, ends } = writer.decoder.architecture
  const id = sample(logits, order, chat.random)
  if (writer.tokenizer.isSpecial(id) || ends.includes(id)) return 'stop'
  chat.next = id
  chat.produced += 1
  const logprob =
    order.topLogprobs === null ? undefined : describe(logits, id, order.topLogprobs, writer.tokenizer)
  for (const piece of text.push(writer.tokenizer.bytes(id), logprob)) report(tokenReport(order.id, piece))
  if (text.stopped) return 'stop'
  const isFull = chat.promptTokens + chat.produced > context
  return chat.produced >= order.maxTokens || isFull ? 'length' : null
}

/** Reports the end of an answer, with the text that was held back. */
export function finish(
  { order, promptTokens, produced, text }: Chat,
  reason: 'stop' | 'length',
  report: (report: GeneratorReport) => void,
): void {
  for (const piece of text.flush()) report(tokenReport(order.id, piece))
  report({ kind: 'finished', id: order.id, reason, promptTokens, completionTokens: produced })
}

const tokenReport = (id: string, { text, tag }: TextPiece<Logprob | undefined>): GeneratorReport =>
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
