import type { ExampleTokens } from '#lib/tokens/chat.ts'
import { countExample, countTokens } from '#lib/tokens/count.ts'
import { type LineFacts, RULES_VERSION, readFacts } from '#lib/training-data/facts.ts'
import { lineOf, type TextLine } from '#lib/training-data/jsonl.ts'
import { countable } from './countable.ts'
import type { NewRow } from './store.ts'

export type FactColumns = Pick<
  NewRow,
  | 'checked'
  | 'kind'
  | 'tokens'
  | 'trained_tokens'
  | 'flags'
  | 'language'
  | 'line_hash'
  | 'prompt_hash'
  | 'answer_hash'
  | 'system_hash'
  | 'sketch'
  | 'issues_json'
>

/** Facts of a line as columns of its record. */
export const factColumns = (facts: LineFacts): FactColumns => ({
  checked: RULES_VERSION,
  kind: facts.kind,
  tokens: facts.tokens,
  trained_tokens: facts.trained,
  flags: facts.flags,
  language: facts.language,
  line_hash: facts.lineHash,
  prompt_hash: facts.promptHash,
  answer_hash: facts.answerHash,
  system_hash: facts.systemHash,
  sketch: facts.sketch,
  issues_json: facts.issues.length === 0 ? null : JSON.stringify(facts.issues),
})

/** Facts of a line from the columns of its record. */
export const factsOf = (row: FactColumns): LineFacts => ({
  kind: row.kind as LineFacts['kind'],
  issues: row.issues_json === null ? [] : JSON.parse(row.issues_json),
  tokens: Number(row.tokens),
  trained: Number(row.trained_tokens),
  flags: Number(row.flags),
  language: row.language,
  lineHash: Number(row.line_hash),
  promptHash: row.prompt_hash,
  answerHash: row.answer_hash,
  systemHash: row.system_hash,
  sketch: row.sketch,
})

export const isFresh = ({ checked }: Pick<FactColumns, 'checked'>): boolean => checked === RULES_VERSION

/** Checks a line and counts its tokens. */
export const readLine = (line: TextLine): LineFacts => readFacts(line, countTokens)

/** The same as columns of a record. */
export const readColumns = (line: TextLine): FactColumns => factColumns(readLine(line))

/** Task: facts of a line that the user has written. */
export const facts = ({ line }: { line: string }): FactColumns => readColumns(lineOf(line, 1))

/** Task: tokens of a line being edited; null while it is not a conversation. */
export function count({ line }: { line: string }): ExampleTokens | null {
  const example = countable(line)
  return example && countExample(example)
}
