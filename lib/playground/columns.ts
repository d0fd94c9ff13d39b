import { type AppError, fromWire } from '#lib/core/errors.ts'
import type { Answer, AnswerFacts, AnswerToken, CompareChunk, Name } from './schema.ts'

/** What a pane shows of one answer. */
export interface Column {
  state: 'empty' | 'waiting' | 'streaming' | 'finished' | 'interrupted' | 'stopped' | 'failed'
  /** The answer as stored and copied; a view never changes it. */
  text: string
  /** The model that was asked; the pane may show another by now. null while hidden. */
  name: Name
  facts: Partial<AnswerFacts>
  error: AppError | null
  /** Its tokens with their probabilities; empty where they are unknown. */
  tokens: readonly AnswerToken[]
}

export const emptyColumn: Column = {
  state: 'empty',
  text: '',
  name: null,
  facts: {},
  error: null,
  tokens: [],
}

export const isOpen = ({ state }: Column): boolean => state === 'waiting' || state === 'streaming'

/** The column after one more chunk of its answer. */
export function advance(column: Column, chunk: CompareChunk): Column {
  switch (chunk.type) {
    case 'began':
      return { ...emptyColumn, state: 'waiting', name: chunk.name }
    case 'named': {
      const { reportedModel, requestId } = chunk
      return { ...column, facts: { ...column.facts, reportedModel, requestId } }
    }
    case 'token': {
      const firstTokenMs = column.facts.firstTokenMs ?? chunk.ms
      const facts = { ...column.facts, firstTokenMs, totalMs: chunk.ms }
      const tokens = chunk.tokens ? [...column.tokens, ...chunk.tokens] : column.tokens
      return { ...column, state: 'streaming', text: column.text + chunk.text, facts, tokens }
    }
    case 'failed':
      return { ...column, state: 'failed', error: fromWire({ error: chunk.error }) }
    case 'interrupted': {
      const { facts, error } = chunk
      return { ...column, state: 'interrupted', facts, error: error && fromWire({ error }) }
    }
    case 'finished':
      return { ...column, state: 'finished', facts: chunk.facts }
  }
}

/** The column of a stored answer. */
export const columnOfAnswer = ({ state, text, facts, error, tokens }: Answer, name: Name): Column => ({
  state,
  text,
  name,
  facts,
  error: error && fromWire({ error }),
  tokens,
})

/** The column when its reader, not its provider, ended it; `error` when the connection to the studio broke. */
export function end(column: Column, error: AppError | null): Column {
  if (!isOpen(column)) return column
  if (!error) return { ...column, state: 'stopped' }
  return { ...column, state: column.text ? 'interrupted' : 'failed', error }
}

/**
 * Tokens a second after the first token: without the wait before it.
 * @returns null until two tokens are counted
 */
export function speedOf({ completionTokens, firstTokenMs, totalMs }: Partial<AnswerFacts>): number | null {
  if (!completionTokens || completionTokens < 2 || firstTokenMs == null || totalMs == null) return null
  const writing = totalMs - firstTokenMs
  return writing > 0 ? ((completionTokens - 1) * 1000) / writing : null
}

/**
 * Whether another model answered than the one asked for. A provider may name the dated snapshot behind a short name
 * (`gpt-4o` answers as `gpt-4o-2024-08-06`); that is the same model.
 */
export function isOtherModel(asked: string | null, reported: string | null | undefined): boolean {
  if (!asked || !reported || asked === reported) return false
  return !(reported.startsWith(`${asked}-`) && /^\d{4}-\d{2}-\d{2}$/.test(reported.slice(asked.length + 1)))
}
