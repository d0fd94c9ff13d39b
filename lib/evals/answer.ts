import { newId } from '#lib/core/ids.ts'
import { type Ask, askOnce, type Ending } from '#lib/playground/ask.ts'
import { backoffOf } from '#lib/providers/backoff.ts'
import { endAnswer, takeCell, withdraw } from './answer-store.ts'
import type { CellRecord } from './cell-store.ts'
import { RECORDING } from './constants.ts'
import { columnsIn, draftIn } from './get.ts'
import { type FewShotExample, messagesFor, type PinnedColumn, samplingOf } from './plan.ts'
import { rowAtPlace } from './row-store.ts'
import type { EvalDraft, Pause } from './schema.ts'
import type { EvalRecord } from './store.ts'

/** A running evaluation, read once. */
export interface Work {
  id: string
  draft: EvalDraft
  columns: PinnedColumn[]
  examples: FewShotExample[]
  /** Micro-dollars that the user has confirmed, for each provider. */
  confirmed: number | null
}

export const workOf = (record: EvalRecord): Work => ({
  id: record.id,
  draft: draftIn(record),
  columns: columnsIn(record),
  examples: JSON.parse(record.shots_json),
  confirmed: record.confirmed === null ? null : Number(record.confirmed),
})

/** Outcome of one request for a column. */
export type Outcome =
  | { kind: 'idle' | 'answered' | 'failed' | 'left' }
  /** Nothing was sent, or it was rejected: the provider must not be asked now. */
  | { kind: 'refused'; pause: Pause }

/** Codes of the spending limit: a refused request is never sent. */
const LIMIT_CODES = ['over_cap', 'needs_confirmation']

async function pauseFor({ error }: Ending, providerId: Pause['providerId']): Promise<Pause | null> {
  if (!error) return null
  const { code, words, facts = null } = error
  if (LIMIT_CODES.includes(code) || facts?.hold !== undefined) {
    const until = typeof facts?.until === 'number' ? facts.until : null
    return { providerId, code, ...words, facts, until }
  }
  const backoff = facts?.status === undefined ? null : await backoffOf(providerId)
  return backoff && { providerId, code, ...words, facts, until: backoff.until }
}

const asRecord = ({ text, facts, error, tokens }: Ending) => ({
  text,
  finish_reason: facts.finishReason,
  prompt_tokens: facts.promptTokens,
  cached_tokens: facts.cachedTokens,
  completion_tokens: facts.completionTokens,
  first_token_ms: facts.firstTokenMs,
  total_ms: facts.totalMs,
  reported_model: facts.reportedModel,
  request_id: facts.requestId,
  cost: facts.cost,
  error_json: error ? JSON.stringify(error.toWire().error) : null,
  ended_at: facts.answeredAt,
  tokens_json: tokens.length === 0 ? null : JSON.stringify(tokens),
})

/** `stopped` means that our own time limit ended it: its text was cut. */
const stateOf = ({ state, text }: Ending) => {
  if (state === 'finished') return 'answered'
  return state === 'interrupted' || text !== '' ? 'interrupted' : 'failed'
}

interface Patience {
  signal: AbortSignal
  /** ms that one answer may take. */
  longest: number
}

async function askCell(work: Work, column: PinnedColumn, cell: CellRecord, { signal, longest }: Patience) {
  const row = await rowAtPlace(work.id, cell.place)
  const messages = messagesFor(JSON.parse(row.messages_json), column, work.examples)
  const limit = AbortSignal.any([signal, AbortSignal.timeout(longest)])
  const { providerId, model } = column
  const sampling = samplingOf(column, work.draft)
  const ask: Ask = {
    ...{ providerId, model, messages, sampling, exact: work.draft.exact, confirmed: work.confirmed },
    // What a model that goes dark thought of other words is known only now.
    ...(work.draft.datasetId === RECORDING && { probabilities: 'whole' }),
  }
  return askOnce(ask, 'eval', limit)
}

/**
 * Asks for the next answer of a column, once; its cell is marked as asked before. When the signal ends it, the answer
 * stays marked as asked: the next start decides what becomes of it.
 */
export async function nextAnswer(work: Work, index: number, patience: Patience): Promise<Outcome> {
  const column = work.columns[index]
  if (!column) return { kind: 'idle' }
  const { providerId, model } = column
  const id = newId('answer_')
  const cell = await takeCell(work.id, index, { id, provider_id: providerId, model })
  if (!cell) return { kind: 'idle' }
  const at = { evalId: work.id, place: cell.place, column: index }
  const ending = await askCell(work, column, cell, patience)
  if (patience.signal.aborted) return { kind: 'left' }
  const pause = await pauseFor(ending, providerId)
  if (pause) {
    await withdraw(id, at)
    return { kind: 'refused', pause }
  }
  const state = stateOf(ending)
  await endAnswer(id, at, { ...asRecord(ending), state })
  return { kind: state === 'answered' ? 'answered' : 'failed' }
}
