import { LRUCache } from 'lru-cache'
import { AppError } from '#lib/core/errors.ts'
import type { Reading } from '#lib/training-data/verdict.ts'
import { tokenizerStamp } from '../folder-cache.ts'
import { encodeConversation, encodePrompt, type Sample, type TrainingTurn } from '../model/conversation.ts'
import { readModelConfig } from '../model/model-config.ts'
import { readTokenizer, type Tokenizer } from '../model/tokenizer.ts'
import type { WireTokens } from '../wire.ts'
import type { TokenizerReport, TokenizerRequest } from './protocol.ts'

const tokenizers = new LRUCache<string, { stamp: string; tokenizer: Tokenizer }>({ max: 2 })

/** A linked folder is its owner's to change, and another model may take the name of a removed one. */
function tokenizerOf(folder: string): Tokenizer {
  const stamp = tokenizerStamp(folder)
  const known = tokenizers.get(folder)
  if (known?.stamp === stamp) return known.tokenizer
  const tokenizer = readTokenizer(folder)
  tokenizers.set(folder, { stamp, tokenizer })
  return tokenizer
}

/** The text of each token; a character shared by several tokens belongs to the last one. */
function textsOf(tokenizer: Tokenizer, ids: readonly number[]): string[] {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  return ids.map((id) => decoder.decode(tokenizer.bytes(id), { stream: true }))
}

/**
 * Marks in `whole` the trained tokens of another sample of the conversation. Both start alike; where they part, the
 * sample has tokens that `whole` lacks, such as a thought, and then goes on alike up to its last trained token.
 */
function markLearnt(trained: boolean[], whole: Sample, { ids, weights }: Sample): void {
  const end = Array.from(weights).findLastIndex((weight) => weight !== 0) + 1
  const goesOnAlike = (from: number, to: number) => {
    for (let at = from; at < end; at++) if (ids[at] !== whole.ids[to + at - from]) return false
    return true
  }
  let parting = 0
  while (parting < end && ids[parting] === whole.ids[parting]) parting++
  let rest = parting
  while (rest < end && !goesOnAlike(rest, parting)) rest++
  for (let at = 0; at < end; at++) {
    if (weights[at] === 0 || (at >= parting && at < rest)) continue
    trained[at < parting ? at : at - (rest - parting)] = true
  }
}

/** All tokens of a conversation, and which of them are trained in any of its samples. */
function readWhole(tokenizer: Tokenizer, turns: readonly TrainingTurn[]) {
  const samples = encodeConversation(tokenizer, turns, new Date())
  const whole = samples.at(-1) ?? { ids: [], weights: [] }
  const trained = Array.from(whole.weights, (weight) => weight !== 0)
  for (const sample of samples.slice(0, -1)) markLearnt(trained, whole, sample)
  return { ids: Array.from(whole.ids), trained }
}

/** A conversation as the trainer sees it: with its tokenizer, chat template and loss mask. */
function tokensOf({ model, turns, opened }: TokenizerRequest): WireTokens {
  const tokenizer = tokenizerOf(model)
  const { context, ends } = readModelConfig(model)
  const said = opened
    ? { ids: encodePrompt(tokenizer, turns, new Date()), trained: [] }
    : readWhole(tokenizer, turns)
  const tokens = said.ids
  const trained = tokens.map((_, at) => said.trained[at] ?? false)
  return {
    count: tokens.length,
    max_model_len: context,
    tokens,
    token_strs: textsOf(tokenizer, tokens),
    limerick: {
      // Training truncates tokens beyond the context.
      trained: trained.map((learnt, at) => learnt && at < context),
      lost: trained.slice(context).filter(Boolean).length,
      special: tokens.map((id) => tokenizer.isSpecial(id)),
      ends: [...new Set([...ends, ...tokenizer.specials])],
    },
  }
}

/** How much of a conversation the trainer uses. The first token is never trained: nothing predicts it. */
function readingOf({ model, turns, limit }: TokenizerRequest): Reading {
  const context = limit ?? readModelConfig(model).context
  const countOf = (learnt: readonly boolean[]) => learnt.filter(Boolean).length
  const readings = encodeConversation(tokenizerOf(model), turns, new Date()).map(({ weights }) => {
    const trained = Array.from(weights, (weight, at) => at > 0 && weight > 0)
    return { tokens: weights.length, trained: countOf(trained), left: countOf(trained.slice(0, context)) }
  })
  const sum = (of: keyof Reading) => readings.reduce((total, reading) => total + reading[of], 0)
  return { tokens: sum('tokens'), trained: sum('trained'), left: sum('left') }
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
