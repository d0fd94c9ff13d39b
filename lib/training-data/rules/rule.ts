import { isRecord } from '../is-record.ts'
import { brief, type Issue, type Path, type RuleId, type Severity } from '../issue.ts'

/** A message before validation: an object of unknown shape. */
export type LooseMessage = Readonly<Record<string, unknown>>
export type LooseObject = Readonly<Record<string, unknown>>

/** A list of messages: a whole conversation, or the prompt or one of the answers of a preference pair. */
export interface Conversation {
  part: 'chat' | 'prompt' | 'output'
  /** Path of the list in the line. */
  path: Path
  messages: readonly LooseMessage[]
}

/** A parsed line before validation. */
export interface LooseLine {
  kind: 'chat' | 'preference'
  value: LooseObject
  conversations: readonly Conversation[]
}

export interface RuleOptions {
  /** Severity of an image in a user's message: `error` if the model cannot read it. */
  images: 'error' | 'warning'
  /** Severity of an OpenAI special token inside a text: `error` if the provider rejects the file. */
  specials: 'error' | 'warning'
  /** Whether the destination requires user and assistant to alternate. */
  alternate: boolean
  /** Training method; null for either. */
  method: 'supervised' | 'preference' | null
  /** What the line may contain, see `Trace`. */
  traces: number
}

/** Reports a finding; `path` begins at the line. */
export type Tell = (severity: Severity, path: Path, values?: Issue['values']) => void

/** A rule for one list of messages. */
export interface MessageRule {
  id: RuleId
  check: (conversation: Conversation, tell: Tell, options: RuleOptions) => void
}

/** A rule for a whole line. */
export interface LineRule {
  id: RuleId
  check: (line: LooseLine, tell: Tell, options: RuleOptions) => void
}

/** The values of a finding, with the name of its fix if it has one. */
export const withFix = (values: Issue['values'], fix: string | null): Issue['values'] =>
  fix === null ? values : { ...values, fix }

export const isAssistant = ({ role }: LooseMessage): boolean => role === 'assistant'
export const isInstruction = ({ role }: LooseMessage): boolean => role === 'system' || role === 'developer'

const NOTHING: readonly never[] = []
/** A message's tool calls that are objects. */
export const callsOf = ({ tool_calls }: LooseMessage): readonly LooseObject[] =>
  Array.isArray(tool_calls) ? tool_calls.filter(isRecord) : NOTHING

/** A value's type in JSON's terms, for a sentence. */
export function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}

/** A value for a sentence: short, on one line. */
export function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  return brief(text)
}
