import type { LineIssue } from './issue.ts'
import type { TextLine } from './jsonl.ts'
import { reasoningKey, thinks } from './rules/reasoning.ts'
import { isReserved } from './rules/residue.ts'
import { callsOf, isRecord, type LooseLine, type LooseMessage } from './rules/rule.ts'
import type { Role } from './schema.ts'

/** What stands in a line, as bits: the roles that speak in it, and what else a list is filtered by. */
export const Flag = {
  system: 1,
  developer: 2,
  user: 4,
  assistant: 8,
  tool: 16,
  function: 32,
  bom: 64,
  crlf: 128,
  images: 256,
  tools: 512,
  preference: 1024,
  /** A tool or function is called or answers; `tools` is also set where it is only declared. */
  calls: 2048,
  /** Two messages in a row have the same role, tool results apart. */
  sameTurns: 4096,
  /** An answer comes with what the model thought before it. */
  reasoning: 8192,
  /** Keys are null that not every provider takes so. */
  nulls: 16384,
  /** A special token of OpenAI's stands inside a text. */
  specials: 32768,
} as const

/** A message that calls a tool, or is its result. */
export const isCall = (message: LooseMessage): boolean =>
  callsOf(message).length > 0 ||
  isRecord(message.function_call) ||
  message.role === 'tool' ||
  message.role === 'function'

/** Whether a message has the role of the one before it; results of several calls stand side by side. */
const isSameTurn = ({ role }: LooseMessage, index: number, messages: readonly LooseMessage[]): boolean =>
  role === messages[index - 1]?.role && role !== 'tool' && index > 0

function roleFlags(messages: readonly LooseMessage[], plain: boolean): number {
  let flags = 0
  for (const message of messages) {
    flags |= Flag[message.role as Role] ?? 0
    if (thinks(message)) flags |= Flag.reasoning
    if (plain) continue
    if (reasoningKey(message) !== null) flags |= Flag.reasoning
    if (isCall(message)) flags |= Flag.tools | Flag.calls
    if (
      Array.isArray(message.content) &&
      message.content.some((part) => isRecord(part) && part.type === 'image_url')
    )
      flags |= Flag.images
  }
  return flags
}

const isReservedToken = ({ rule, values }: LineIssue): boolean =>
  rule === 'special-token' && isReserved(String(values.token))

/** What the rules know of a line already. */
interface Known {
  /** Keys of it were null and say nothing. */
  nulls?: boolean
  /** It holds known roles and texts alone. */
  plain?: boolean
  issues?: readonly LineIssue[]
}

/** Everything in a line that a list or a destination asks for. */
export function flagsOf(
  { bom, crlf }: Pick<TextLine, 'bom' | 'crlf'>,
  line: LooseLine | null,
  { nulls = false, plain = false, issues = [] }: Known = {},
): number {
  let flags = (bom ? Flag.bom : 0) | (crlf ? Flag.crlf : 0)
  if (!line) return flags
  if (issues.some(isReservedToken)) flags |= Flag.specials
  if (nulls) flags |= Flag.nulls
  for (const { messages } of line.conversations) {
    flags |= roleFlags(messages, plain)
    if (messages.some(isSameTurn)) flags |= Flag.sameTurns
  }
  const { value, kind } = line
  const owner = kind === 'preference' && isRecord(value.input) ? value.input : value
  if (owner.tools !== undefined || owner.functions !== undefined) flags |= Flag.tools
  return kind === 'preference' ? flags | Flag.preference : flags
}
