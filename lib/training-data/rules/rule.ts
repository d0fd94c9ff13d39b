import { brief, type Issue, type Path, type RuleId, type Severity } from '../issue.ts'

/** A message as it came: an object of unknown shape. */
export type LooseMessage = Readonly<Record<string, unknown>>
export type LooseObject = Readonly<Record<string, unknown>>

/** A list of messages: a whole conversation, or the prompt or one of the answers of a preference pair. */
export interface Conversation {
  part: 'chat' | 'prompt' | 'output'
  /** Where the list stands in the line. */
  path: Path
  messages: readonly LooseMessage[]
}

/** A line as it came, before anything about it is believed. */
export interface LooseLine {
  kind: 'chat' | 'preference'
  value: LooseObject
  conversations: readonly Conversation[]
}

export interface RuleOptions {
  /** Of an image in a user's turn: `error` where the model cannot read it. */
  images: 'error' | 'warning'
  /** Of a special token of OpenAI's inside a text: `error` where the provider refuses the file for it. */
  specials: 'error' | 'warning'
  /** Whether whoever trains wants user and assistant to take turns. */
  alternate: boolean
  /** What the line is for; null when either kind will do. */
  method: 'supervised' | 'preference' | null
  /** What the line may hold, see `Trace`. */
  traces: number
}

/** Says what a rule has found; `path` begins at the line. */
export type Tell = (severity: Severity, path: Path, values?: Issue['values']) => void

/** A rule that looks into one list of messages. */
export interface MessageRule {
  id: RuleId
  check: (conversation: Conversation, tell: Tell, options: RuleOptions) => void
}

/** A rule that looks at a line as a whole. */
export interface LineRule {
  id: RuleId
  check: (line: LooseLine, tell: Tell, options: RuleOptions) => void
}

/** The facts of a problem, with the name of its repair where it has one. */
export const mendable = (values: Issue['values'], fix: string | null): Issue['values'] =>
  fix === null ? values : { ...values, fix }

export const isRecord = (value: unknown): value is LooseObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const isAssistant = ({ role }: LooseMessage): boolean => role === 'assistant'
export const isInstruction = ({ role }: LooseMessage): boolean => role === 'system' || role === 'developer'

const NOTHING: readonly never[] = []
/** A message's tool calls, as far as they are objects. */
export const callsOf = ({ tool_calls }: LooseMessage): readonly LooseObject[] =>
  Array.isArray(tool_calls) ? tool_calls.filter(isRecord) : NOTHING

/** How a value is called in a sentence: JSON's own word for what it is. */
export function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}

/** A value as it may stand in a sentence: short, and on one line. */
export function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  return brief(text)
}
