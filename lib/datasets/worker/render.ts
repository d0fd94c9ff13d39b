import { type CountableExample, exampleTokens, readingOf } from '#lib/tokens/chat.ts'
import { counterOf } from '#lib/tokens/count.ts'
import type { Encoding } from '#lib/tokens/encoding.ts'
import type { TokenView } from '../schema.ts'
import { countable } from './countable.ts'

/** Tokens that are listed; the rest of a longer line is only counted. */
const LISTED = 20_000

/** OpenAI has not published how it encodes tools, images and preference pairs. */
const isPublished = (example: CountableExample): boolean =>
  'messages' in example &&
  !example.tools &&
  !example.functions &&
  example.messages.every(
    ({ content, tool_calls, function_call }) =>
      !tool_calls &&
      !function_call &&
      (!Array.isArray(content) || content.every(({ type }) => type === 'text')),
  )

/** Task: a line as OpenAI's models read it, token by token; null while it is not a conversation. */
export function render(input: { line: string; encoding: Encoding }): Omit<TokenView, 'limit'> | null {
  const example = countable(input.line)
  if (!example) return null
  const { count, pieces } = counterOf(input.encoding)
  const { tools, messages, reply } = readingOf(example)
  const tokens: TokenView['tokens'] = []
  for (const { text, marker, trained } of [...tools, ...messages.flat(), ...reply])
    for (const piece of marker ? [text] : pieces(text, LISTED - tokens.length))
      if (tokens.length < LISTED) tokens.push({ text: piece, trained, special: marker })
  const { total, trained, messages: figures, learnt } = exampleTokens(example, count)
  const perMessage = figures.map((figure, index) => ({ total: figure, trained: learnt[index] ?? 0 }))
  const exact = isPublished(example)
  return { tokens, total, trained, lost: 0, messages: perMessage, exact, encoding: input.encoding }
}
