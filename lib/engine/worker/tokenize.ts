import { LRUCache } from 'lru-cache'
import { AppError } from '#lib/core/errors.ts'
import type { Reading } from '#lib/training-data/verdict.ts'
import { readModelConfig } from '../model/architecture.ts'
import { encodeConversation, encodePrompt } from '../model/chat-template.ts'
import { readTokenizer, type Tokenizer } from '../model/tokenizer.ts'
import type { WireTokens } from '../wire.ts'
import type { TokenizerReport, TokenizerRequest } from './protocol.ts'

const tokenizers = new LRUCache<string, Tokenizer>({ max: 2, memoMethod: readTokenizer })

const tokenizerOf = (folder: string): Tokenizer => tokenizers.memo(folder)

/** The text of each token; of a character that several share, the last one has all. */
function textsOf(tokenizer: Tokenizer, ids: readonly number[]): string[] {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  return ids.map((id) => decoder.decode(tokenizer.bytes(id), { stream: true }))
}

/** A conversation as the trainer reads it: its tokenizer, its template, its loss mask. */
function tokensOf({ model, turns, opened }: TokenizerRequest): WireTokens {
  const tokenizer = tokenizerOf(model)
  const { context } = readModelConfig(model)
  const said = encodeConversation(tokenizer, turns)
  const tokens = opened ? encodePrompt(tokenizer, turns) : Array.from(said.ids)
  const trained = tokens.map((_, at) => (said.weights[at] ?? 0) !== 0)
  return {
    count: tokens.length,
    max_model_len: context,
    tokens,
    token_strs: textsOf(tokenizer, tokens),
    limerick: {
      // What is beyond the context is cut in training.
      trained: trained.map((learnt, at) => learnt && at < context),
      lost: trained.slice(context).filter(Boolean).length,
      special: tokens.map((id) => tokenizer.isSpecial(id)),
    },
  }
}

/** How far the trainer reads a conversation. The first token is never learnt: nothing stands before it. */
function readingOf({ model, turns, limit }: TokenizerRequest): Reading {
  const { weights } = encodeConversation(tokenizerOf(model), turns)
  const context = limit ?? readModelConfig(model).context
  const trained = Array.from(weights, (weight, at) => at > 0 && weight > 0)
  const countOf = (learnt: readonly boolean[]) => learnt.filter(Boolean).length
  return {
    tokens: weights.length,
    trained: countOf(trained),
    left: countOf(trained.slice(0, context)),
  }
}

function refusal(thrown: unknown): AppError {
  if (thrown instanceof AppError) return thrown
  const message = thrown instanceof Error ? thrown.message : String(thrown)
  return new AppError('invalid', { message: `This model's tokenizer cannot be used: ${message}` })
}

export function tokenize(request: TokenizerRequest): TokenizerReport {
  const { id } = request
  try {
    if (request.measured) return { kind: 'measured', id, reading: readingOf(request) }
    return { kind: 'tokens', id, json: Buffer.from(JSON.stringify(tokensOf(request))) }
  } catch (thrown) {
    return { kind: 'refused', id, error: refusal(thrown).toWire() }
  }
}
