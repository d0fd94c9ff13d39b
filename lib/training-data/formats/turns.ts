import { asInteger } from '../exact.ts'
import { isRecord } from '../is-record.ts'
import { kindOf } from '../rules/rule.ts'
import { type Fields, isEmpty, type Named, Refusal, type Turn, unpacked } from './fields.ts'
import { keyMeaning, meaningOf } from './headings.ts'

/** Reads turns of a conversation with any format's keys for role and content. */

type Speaker = 'system' | 'user' | 'assistant' | 'call' | 'result'

const speakers: ReadonlyMap<string, Speaker> = new Map(
  Object.entries({
    system: ['system', 'developer'],
    user: ['human', 'user', 'prompter', 'customer', 'client', 'caller', 'student', 'question'],
    assistant: [
      ...['gpt', 'assistant', 'chatgpt', 'bing', 'bard', 'model', 'bot', 'chatbot', 'ai', 'claude'],
      ...['agent', 'answer'],
    ],
    call: ['function_call', 'function-call', 'tool_call', 'tool-call', 'tool_calls'],
    result: [
      'observation',
      'tool',
      'function',
      'tool_response',
      'function_response',
      'tool_result',
      'ipython',
    ],
  }).flatMap(([speaker, names]) => names.map((name): [string, Speaker] => [name, speaker as Speaker])),
)

/** The speaker with this name, in any case; null if unknown. */
export const speakerOf = (name: unknown): Speaker | null =>
  typeof name === 'string' ? (speakers.get(name.trim().toLowerCase()) ?? null) : null

/** Names of speakers in written chats. */
const sides: ReadonlyMap<string, 'user' | 'assistant'> = new Map([
  ...['you', 'me', 'q', 'i', 'س', 'в'].map((name): [string, 'user'] => [name, 'user']),
  ...['a', 'ج', 'о', 'gemini', 'copilot', 'grok', 'deepseek', 'assistant reply'].map(
    (name): [string, 'assistant'] => [name, 'assistant'],
  ),
])

/** The role of a speaker's name in a chat; null if unknown. */
export function sideOf(name: string): 'system' | 'user' | 'assistant' | null {
  const known = sides.get(name.trim().toLowerCase())
  if (known) return known
  const speaker = speakerOf(name)
  if (speaker) return speaker === 'call' || speaker === 'result' ? null : speaker
  const meaning = meaningOf(name)
  return meaning === 'question' ? 'user' : meaning === 'answer' ? 'assistant' : null
}

export const SPEAKER_KEYS = ['from', 'role', 'speaker', 'sender', 'author'] as const
export const CONTENT_KEYS = ['value', 'content', 'text', 'message'] as const

export const turn = (role: string, content: unknown): Turn => ({ role, content })
export const systemTurns = (text: string): Turn[] => (text.trim() === '' ? [] : [turn('system', text)])

/** Takes the record's system prompt, under any of its names. */
export const takeSystem = (fields: Fields): Turn[] =>
  systemTurns(fields.optional(keyMeaning('system', Object.keys(fields.record))))

/** Fields of a turn for whether it is trained. */
const WEIGHTS = ['weight', 'train', 'training', 'trainable', 'learn'] as const

/** A weight in any of its spellings; null for other values. */
export function readWeight(given: unknown): 0 | 1 | null {
  const value = asInteger(given)
  if (value === 1 || value === true || value === '1' || value === '1.0' || value === 'true') return 1
  if (value === 0 || value === false || value === '0' || value === '0.0' || value === 'false') return 0
  return null
}

export function asWeight(value: unknown, column: string): 0 | 1 {
  const weight = readWeight(typeof value === 'string' ? value.trim().toLowerCase() : value)
  if (weight === null) throw new Refusal('bad-weight', { column })
  return weight
}

/** `arguments` as JSON text, as OpenAI requires. */
const argumentsOf = (given: unknown): string =>
  typeof given === 'string' ? given : JSON.stringify(given ?? {})

export const callOf = (id: string, name: unknown, given: unknown): Named => {
  if (typeof name !== 'string' || name === '') throw new Refusal('bad-call')
  return { id, type: 'function', function: { name, arguments: argumentsOf(given) } }
}

function specOf(tool: unknown): Named {
  const outer = isRecord(tool) ? tool : {}
  const spec = [outer.function, outer.toolSpec, outer].find(isRecord) as Named
  const { name, description, strict } = spec
  const schema = spec.inputSchema
  const parameters =
    spec.parameters ?? spec.input_schema ?? (isRecord(schema) ? (schema.json ?? schema) : schema)
  if (typeof name !== 'string') throw new Refusal('bad-tools')
  return { name, description, parameters, strict }
}

const declarations = (tool: unknown): unknown[] => {
  const inner = isRecord(tool) ? (tool.functionDeclarations ?? tool.function_declarations) : null
  return Array.isArray(inner) ? inner : [tool]
}

/** Takes `tools`, a list or its JSON text, in OpenAI's form. */
export function takeTools(fields: Fields, key = 'tools'): Named {
  const value = unpacked(fields.take(key))
  if (typeof value === 'string' && value.trim() === '') fields.note('blank-tools')
  if (isEmpty(value)) return {}
  const list = isRecord(value) && Array.isArray(value.tools) ? value.tools : value
  if (!Array.isArray(list)) throw new Refusal('bad-tools')
  if (list.length === 0) return {}
  const tools = list.flatMap(declarations).map((tool) => ({ type: 'function', function: specOf(tool) }))
  return { tools }
}

/** A content part with its type. */
function typedPart(part: unknown): Named {
  if (typeof part === 'string') return { type: 'text', text: part }
  if (!isRecord(part)) throw new Refusal('bad-part', { kind: kindOf(part) })
  if (part.type === 'image_url') return part
  const isText =
    part.type === undefined ||
    part.type === 'text' ||
    part.type === 'input_text' ||
    part.type === 'output_text'
  if (isText && typeof part.text === 'string') return { type: 'text', text: part.text }
  throw new Refusal('bad-part', { kind: String(part.type ?? Object.keys(part).join(', ')) })
}

/** Content in OpenAI's form: text unchanged, parts with their type. */
export const contentOf = (value: unknown): unknown => (Array.isArray(value) ? value.map(typedPart) : value)

/** Builds messages turn by turn: gives calls an id, and each result the id of its call. */
export class MessageBuilder {
  readonly messages: Turn[] = []
  #made = 0
  readonly #open: string[] = []

  say(role: string, content: unknown, more: Named = {}): void {
    this.messages.push({ role, content, ...more })
  }

  /** @returns the id of the call */
  newId(): string {
    this.#made++
    return `call_${this.#made}`
  }

  /** @param isSaid the previous turn has the text beside the calls */
  call(calls: readonly Named[], isSaid = true): void {
    for (const { id } of calls) this.#open.push(String(id))
    const last = this.messages.at(-1)
    if (!isSaid || last?.role !== 'assistant' || 'tool_calls' in last)
      this.messages.push({ role: 'assistant', tool_calls: calls })
    else this.messages.splice(-1, 1, { ...last, tool_calls: calls })
  }

  result(content: unknown): void {
    const id = this.#open.shift()
    if (id === undefined) throw new Refusal('result-without-call')
    const text = typeof content === 'string' ? content : JSON.stringify(content)
    this.messages.push({ role: 'tool', tool_call_id: id, content: text })
  }
}

/** OpenAI's keys of a message besides role and content. */
const MESSAGE_KEYS = ['name', 'refusal', 'tool_calls', 'tool_call_id', 'function_call'] as const

function callsIn(value: unknown, builder: MessageBuilder): Named[] {
  const calls = unpacked(value)
  return (Array.isArray(calls) ? calls : [calls]).map((call) => {
    const named = isRecord(call) ? call : {}
    return callOf(builder.newId(), named.name, named.arguments ?? named.parameters ?? named.args)
  })
}

const roleOf = (speaker: Speaker, name: unknown): string =>
  speaker === 'result' ? 'tool' : name === 'developer' ? 'developer' : speaker

/** The content of a turn; an empty text only if there is no other. */
const contentIn = (fields: Fields): unknown => {
  const text = CONTENT_KEYS.find((key) => fields.has(key) && typeof fields.peek(key) === 'string')
  const blank = CONTENT_KEYS.find((key) => fields.peek(key) === '')
  const key = text ?? CONTENT_KEYS.find((one) => fields.has(one)) ?? blank
  return key === undefined ? undefined : fields.take(key)
}

/** A turn's values under OpenAI's other keys. */
const beside = (fields: Fields): Named =>
  Object.fromEntries(
    MESSAGE_KEYS.filter((key) => fields.has(key)).map((key) => [key, unpacked(fields.take(key))]),
  )

/** The contents of all tags with this name, and the text without them. */
function marked(text: string, name: string): { inners: string[]; rest: string } {
  const [open, close] = [`<${name}>`, `</${name}>`]
  const [before = '', ...pieces] = text.split(open)
  const inners: string[] = []
  let rest = before
  for (const piece of pieces) {
    const end = piece.indexOf(close)
    if (end === -1) rest += open + piece
    else {
      inners.push(piece.slice(0, end).trim())
      rest += piece.slice(end + close.length)
    }
  }
  return { inners, rest }
}

/** Calls inside an answer's text, in Hermes' format; null if there are none that can be read. */
function callsWithin(content: unknown, builder: MessageBuilder): { calls: Named[]; words: string } | null {
  if (typeof content !== 'string') return null
  const { inners, rest } = marked(content, 'tool_call')
  const parsed = inners.map(unpacked).filter(isRecord)
  if (
    parsed.length === 0 ||
    parsed.length < inners.length ||
    !parsed.every(({ name }) => typeof name === 'string')
  )
    return null
  const calls = parsed.map((one) => callOf(builder.newId(), one.name, one.arguments ?? one.parameters))
  return { calls, words: rest.trim() }
}

/** The tool results inside `<tool_response>` tags. */
function resultsWithin(content: unknown): unknown[] {
  const inners = typeof content === 'string' ? marked(content, 'tool_response').inners : []
  return inners.length > 0 ? inners : [content]
}

function addText(fields: Fields, role: string, content: unknown, builder: MessageBuilder): void {
  const weight = role === 'assistant' ? fields.takeFirst(WEIGHTS) : undefined
  const known = weight === undefined || weight === null ? {} : { weight: asWeight(weight, 'weight') }
  builder.say(role, contentOf(content), { ...beside(fields), ...known })
}

function addTurn(fields: Fields, index: number, builder: MessageBuilder): void {
  const name = fields.takeFirst(SPEAKER_KEYS)
  const speaker = speakerOf(name)
  const content = contentIn(fields)
  if (name !== undefined && speaker === null)
    throw new Refusal('unknown-speaker', { name: String(name), turn: index + 1 })
  const isText = typeof content === 'string' || Array.isArray(content)
  if (speaker === 'call') {
    fields.note('made-ids')
    builder.call(callsIn(content, builder))
  } else if (speaker === 'result' && !fields.has('tool_call_id') && content !== undefined)
    for (const result of resultsWithin(content)) builder.result(result)
  else if (speaker === null || (!isText && !fields.has('tool_calls')))
    throw new Refusal('bad-turn', { turn: index + 1 })
  else if (!addCalls(fields, speaker, content, builder))
    addText(fields, roleOf(speaker, name), content, builder)
}

/** @returns whether the turn was an answer with calls in it */
function addCalls(fields: Fields, speaker: Speaker, content: unknown, builder: MessageBuilder): boolean {
  const found = speaker === 'assistant' && !fields.has('tool_calls') ? callsWithin(content, builder) : null
  if (!found) return false
  fields.note('made-ids')
  if (found.words !== '') addText(fields, 'assistant', found.words, builder)
  builder.call(found.calls, found.words !== '')
  return true
}

/** The messages of a list of turns in any format. */
export function messagesOf(turns: readonly Fields[]): Turn[] {
  const builder = new MessageBuilder()
  for (const [index, fields] of turns.entries()) addTurn(fields, index, builder)
  return builder.messages
}
