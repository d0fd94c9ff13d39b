import { readTurns, turnListsOf } from '#lib/training-data/edit.ts'
import { isBlank } from '#lib/training-data/jsonl.ts'

/** What a row is about, in two lines; null where it has no such turn. */
export interface RowWords {
  kind: 'conversation' | 'blank' | 'broken' | 'long'
  question: string | null
  answer: string | null
}

/** The words of a turn, whether they stand alone or beside pictures. */
function words(content: unknown): string | null {
  if (typeof content === 'string') return content.trim() === '' ? null : content
  if (!Array.isArray(content)) return null
  const texts = content.map((part: { text?: unknown } | null) =>
    typeof part?.text === 'string' ? part.text : '',
  )
  return texts.join(' ').trim() || null
}

/** Longer lines are not read on every paint of a list. */
const LONG = 200_000

/** The first question and the last answer of a line; of a pair, the answer that is preferred. */
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
