import { isRecord } from './is-record.ts'
import type { LineIssue } from './issue.ts'
import type { TextLine } from './jsonl.ts'
import { reasoningKey, thinks } from './rules/reasoning.ts'
import { isReserved } from './rules/residue.ts'
import { callsOf, type LooseLine, type LooseMessage } from './rules/rule.ts'
import type { Role } from './schema.ts'

/** What a line contains, as bits: its roles, and other features to filter by. */
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
  /** A tool or function is called, or returns a result; `tools` is also set where it is only declared. */
  calls: 2048,
  /** Two consecutive messages have the same role, except tool results. */
  sameTurns: 4096,
  /** An answer has reasoning. */
  reasoning: 8192,
  /** Some keys are null, which not every provider accepts. */
  nulls: 16384,
  /** A text contains a special token of OpenAI. */
  specials: 32768,
} as const

/** Whether a message calls a tool or is its result. */
export const isCall = (message: LooseMessage): boolean =>
  callsOf(message).length > 0 ||
  isRecord(message.function_call) ||
  message.role === 'tool' ||
  message.role === 'function'

/** Whether a message has the role of the message before it; consecutive results of several calls are normal. */
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

/** Facts of a line that its check already found. */
interface Known {
  /** Some keys were null without a meaning. */
  nulls?: boolean
  /** It contains known roles and texts only. */
  plain?: boolean
  issues?: readonly LineIssue[]
}

/** The flags of a line. */
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
