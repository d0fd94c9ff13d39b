import { asInteger } from '../exact.ts'
import { isRecord, kindOf } from '../rules/rule.ts'
import { type Fields, isEmpty, type Named, Refusal, type Turn, unpacked } from './fields.ts'
import { keyMeaning, meaningOf } from './headings.ts'

/** Turns of a conversation, whatever words a format has for who speaks and what is said. */

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

/** Who speaks under this name, in any case; null when nobody knows. */
export const speakerOf = (name: unknown): Speaker | null =>
  typeof name === 'string' ? (speakers.get(name.trim().toLowerCase()) ?? null) : null

/** Names of those who speak in chats that people write down. */
const sides: ReadonlyMap<string, 'user' | 'assistant'> = new Map([
  ...['you', 'me', 'q', 'i', 'س', 'в'].map((name): [string, 'user'] => [name, 'user']),
  ...['a', 'ج', 'о', 'gemini', 'copilot', 'grok', 'deepseek', 'assistant reply'].map(
    (name): [string, 'assistant'] => [name, 'assistant'],
  ),
])

/** On which side of a chat somebody of this name stands; null for a name that does not tell it. */
export function sideOf(name: string): 'system' | 'user' | 'assistant' | null {
  const known = sides.get(name.trim().toLowerCase())
  if (known) return known
  const speaker = speakerOf(name)
  if (speaker) return speaker === 'call' || speaker === 'result' ? null : speaker
  const meaning = meaningOf(name)
  return meaning === 'question' ? 'user' : meaning === 'answer' ? 'assistant' : null
}

export const WHO = ['from', 'role', 'speaker', 'sender', 'author'] as const
export const WHAT = ['value', 'content', 'text', 'message'] as const

export const turn = (role: string, content: unknown): Turn => ({ role, content })
export const systemTurns = (text: string): Turn[] => (text.trim() === '' ? [] : [turn('system', text)])

/** The system prompt that stands beside what a record says, by any of its names. */
export const takeSystem = (fields: Fields): Turn[] =>
  systemTurns(fields.optional(keyMeaning('system', Object.keys(fields.record))))

/** Fields of a turn that say whether it is learnt. */
const WEIGHTS = ['weight', 'train', 'training', 'trainable', 'learn'] as const

/** 0 and 1 as people write them. */
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

/** JSON as OpenAI wants it in `arguments`: text. */
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

/** `tools` of any format as OpenAI's: a list, or its JSON text. */
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

/** A part of a content with the type that says what it is. */
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

/** A content as OpenAI has it: text as it stands, parts with their type. */
export const contentOf = (value: unknown): unknown => (Array.isArray(value) ? value.map(typedPart) : value)

/** Builds messages turn by turn: calls get an id, and a result that of the call it answers. */
export class Talk {
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

  /** @param isSaid the turn before says what is told beside the calls */
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

/** Keys of a message that OpenAI knows beside its role and content. */
const MESSAGE_KEYS = ['name', 'refusal', 'tool_calls', 'tool_call_id', 'function_call'] as const

function callsIn(value: unknown, talk: Talk): Named[] {
  const calls = unpacked(value)
  return (Array.isArray(calls) ? calls : [calls]).map((call) => {
    const named = isRecord(call) ? call : {}
    return callOf(talk.newId(), named.name, named.arguments ?? named.parameters ?? named.args)
  })
}

const roleOf = (speaker: Speaker, name: unknown): string =>
  speaker === 'result' ? 'tool' : name === 'developer' ? 'developer' : speaker

/** What a turn says; empty text says something too, where it is all there is. */
const saidIn = (fields: Fields): unknown => {
  const text = WHAT.find((key) => fields.has(key) && typeof fields.peek(key) === 'string')
  const blank = WHAT.find((key) => fields.peek(key) === '')
  const key = text ?? WHAT.find((one) => fields.has(one)) ?? blank
  return key === undefined ? undefined : fields.take(key)
}

/** What OpenAI knows of a message beside its role and content. */
const beside = (fields: Fields): Named =>
  Object.fromEntries(
    MESSAGE_KEYS.filter((key) => fields.has(key)).map((key) => [key, unpacked(fields.take(key))]),
  )

/** What stands between marks, each time they come, and the text without it. */
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

/** Calls that an answer holds as text, in the manner of Hermes; null where it holds none that can be read. */
function callsWithin(said: unknown, talk: Talk): { calls: Named[]; words: string } | null {
  if (typeof said !== 'string') return null
  const { inners, rest } = marked(said, 'tool_call')
  const told = inners.map(unpacked).filter(isRecord)
  if (told.length === 0 || told.length < inners.length || !told.every(({ name }) => typeof name === 'string'))
    return null
  const calls = told.map((one) => callOf(talk.newId(), one.name, one.arguments ?? one.parameters))
  return { calls, words: rest.trim() }
}

/** What a tool answered, out of the marks around it. */
function resultsWithin(said: unknown): unknown[] {
  const inners = typeof said === 'string' ? marked(said, 'tool_response').inners : []
  return inners.length > 0 ? inners : [said]
}

function sayWords(fields: Fields, role: string, said: unknown, talk: Talk): void {
  const weight = role === 'assistant' ? fields.takeFirst(WEIGHTS) : undefined
  const known = weight === undefined || weight === null ? {} : { weight: asWeight(weight, 'weight') }
  talk.say(role, contentOf(said), { ...beside(fields), ...known })
}

function sayTurn(fields: Fields, index: number, talk: Talk): void {
  const name = fields.takeFirst(WHO)
  const speaker = speakerOf(name)
  const said = saidIn(fields)
  if (name !== undefined && speaker === null)
    throw new Refusal('unknown-speaker', { name: String(name), turn: index + 1 })
  const isText = typeof said === 'string' || Array.isArray(said)
  if (speaker === 'call') {
    fields.note('made-ids')
    talk.call(callsIn(said, talk))
  } else if (speaker === 'result' && !fields.has('tool_call_id') && said !== undefined)
    for (const result of resultsWithin(said)) talk.result(result)
  else if (speaker === null || (!isText && !fields.has('tool_calls')))
    throw new Refusal('bad-turn', { turn: index + 1 })
  else if (!sayCalls(fields, speaker, said, talk)) sayWords(fields, roleOf(speaker, name), said, talk)
}

/** @returns whether the turn was an answer with calls in it */
function sayCalls(fields: Fields, speaker: Speaker, said: unknown, talk: Talk): boolean {
  const found = speaker === 'assistant' && !fields.has('tool_calls') ? callsWithin(said, talk) : null
  if (!found) return false
  fields.note('made-ids')
  if (found.words !== '') sayWords(fields, 'assistant', found.words, talk)
  talk.call(found.calls, found.words !== '')
  return true
}

/** The messages of a list of turns in anybody's spelling. */
export function messagesOf(turns: readonly Fields[]): Turn[] {
  const talk = new Talk()
  for (const [index, fields] of turns.entries()) sayTurn(fields, index, talk)
  return talk.messages
}
