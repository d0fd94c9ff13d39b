import { readTurns } from '#lib/examples/edit.ts'
import { isBlank } from '#lib/examples/jsonl.ts'

/** What a row is about, in two lines; null where it has no such turn. */
export interface RowWords {
  kind: 'conversation' | 'blank' | 'broken'
  question: string | null
  answer: string | null
}

const words = (content: unknown): string | null =>
  typeof content === 'string' && content.trim() !== '' ? content : null

/** The first question and the last answer of a line. */
export function rowWords(text: string | null): RowWords {
  if (isBlank(text)) return { kind: 'blank', question: null, answer: null }
  const turns = text === null ? null : readTurns(text)
  if (!turns) return { kind: 'broken', question: null, answer: null }
  const first = turns.find(({ value }) => value.role === 'user')
  const last = turns.findLast(({ value }) => value.role === 'assistant')
  return { kind: 'conversation', question: words(first?.value.content), answer: words(last?.value.content) }
}
