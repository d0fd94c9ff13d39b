import { readTurns, turnListsOf } from '#lib/training-data/edit.ts'
import { isBlank } from '#lib/training-data/jsonl.ts'

/** A two-line summary of a row; null for a turn that it does not have. */
export interface RowWords {
  kind: 'conversation' | 'blank' | 'broken' | 'long'
  question: string | null
  answer: string | null
}

/** The text of a turn, from a string or from content parts. */
function words(content: unknown): string | null {
  if (typeof content === 'string') return content.trim() === '' ? null : content
  if (!Array.isArray(content)) return null
  const texts = content.map((part: { text?: unknown } | null) =>
    typeof part?.text === 'string' ? part.text : '',
  )
  return texts.join(' ').trim() || null
}

/** Characters. Longer lines are not parsed at every render of a list. */
const LONG = 200_000

/** The first question and the last answer of a line; for a pair, the preferred answer. */
export function rowWords(text: string | null): RowWords {
  if (isBlank(text)) return { kind: 'blank', question: null, answer: null }
  if (text !== null && text.length > LONG) return { kind: 'long', question: null, answer: null }
  const lists = text === null ? [] : turnListsOf(text)
  const turns = lists
    .filter((list) => list !== 'non_preferred_output')
    .flatMap((list) => readTurns(text ?? '', list) ?? [])
  if (turns.length === 0) return { kind: 'broken', question: null, answer: null }
  const first = turns.find(({ value }) => value.role === 'user')
  const last = turns.findLast(({ value }) => value.role === 'assistant')
  return { kind: 'conversation', question: words(first?.value.content), answer: words(last?.value.content) }
}
