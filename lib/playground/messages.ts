import { createHash } from 'node:crypto'
import type { OpenAI } from 'openai'
import type { Example } from '#lib/training-data/schema.ts'
import { textOf } from '#lib/training-data/schema.ts'
import type { CompareRequest, Pane, Turn } from './schema.ts'

export type Messages = OpenAI.ChatCompletionMessageParam[]

const turnsOf = ({ messages }: Example): Turn[] =>
  messages.flatMap(({ role, content }) =>
    role === 'user' || role === 'assistant' ? [{ role, content: textOf(content) }] : [],
  )

/** The messages of a request: system prompt, examples, earlier turns, and the question. */
export const messagesOf = (
  { system, prompt }: Pick<CompareRequest, 'system' | 'prompt'>,
  { earlier }: Pick<Pane, 'earlier'>,
  examples: readonly Example[] = [],
): Messages => [
  ...(system.trim() ? [{ role: 'system' as const, content: system }] : []),
  ...examples.flatMap(turnsOf),
  ...earlier,
  { role: 'user', content: prompt },
]

/** Digits of a hash that tell prompts apart at a glance. */
const HASH_DIGITS = 12

/** The same for the same messages, whichever model is asked. */
export const hashOf = (messages: Messages): string =>
  createHash('sha256').update(JSON.stringify(messages)).digest('hex').slice(0, HASH_DIGITS)
