import { isRecord } from '../is-record.ts'
import { isLog } from './chat-log.ts'
import { type Fields, isEmpty, type Named, Refusal, type Turn, unpacked } from './fields.ts'
import { flat } from './flat.ts'
import { type Format, has, isList, isObjectList, type Line, plain, share } from './format.ts'
import { meaningOf } from './headings.ts'
import {
  callOf,
  contentOf,
  MessageBuilder,
  messagesOf,
  SPEAKER_KEYS,
  speakerOf,
  systemTurns,
  takeSystem,
  takeTools,
  turn,
} from './turns.ts'
import { toAnthropic, toGemini, toHuggingFace, toOpenai, toSharegpt } from './write.ts'

/** Formats whose records are conversations. */

const LINE_KEYS = ['messages', 'tools', 'functions', 'parallel_tool_calls'] as const
const PAIR_KEYS = ['input', 'preferred_output', 'non_preferred_output'] as const

/** Cells with a value, under keys of a training line. */
function known(fields: Fields, keys: readonly string[]): Named {
  const cells = keys.map((key): [string, unknown] => [key, unpacked(fields.take(key))])
  return Object.fromEntries(cells.filter(([, value]) => !isEmpty(value)))
}

/** @throws Refusal for a text where a list is needed: a cell that is not JSON, or cut off */
function expectList(value: unknown, column: string): void {
  if (typeof value === 'string' && value.trim() !== '') throw new Refusal('not-json-cell', { column })
}

function readLine(fields: Fields, text: string | null): Line[] {
  const { record } = fields
  const pair = 'preferred_output' in record
  const column = pair ? 'preferred_output' : 'messages'
  if (!(column in record)) throw new Refusal('no-messages')
  if (fields.peek(column) === '') throw new Refusal('empty-cell', { column })
  const keys = pair ? PAIR_KEYS : LINE_KEYS
  const packed = keys.some((key) => unpacked(fields.peek(key)) !== fields.peek(key))
  if (text !== null && !packed) return unchanged(fields, text)
  expectList(unpacked(fields.peek(column)), column)
  return [known(fields, keys)]
}

/** Keeps the record unchanged, unknown keys included: the checks report those. */
function unchanged(fields: Fields, text: string): Line[] {
  for (const key of Object.keys(fields.record)) fields.take(key)
  return [flat(text)]
}

/** Whether a conversation ends with the user, and the answer is in another field. */
function isAnsweredBeside(record: Named): boolean {
  const messages = unpacked(record.messages)
  const last = isObjectList(messages) ? messages.at(-1) : undefined
  if (!last || speakerOf(last.role) !== 'user') return false
  return Object.keys(record).some((key) => meaningOf(key) === 'answer' && !isEmpty(record[key]))
}

/** Whether another format reads the messages: a chat between people, alternating texts, or other role names. */
const isForeignTalk = (messages: unknown): boolean =>
  isLog(messages) || isTexts(messages) || isRenamed(messages)

export const lines: Format<'lines'> = {
  write: toOpenai,
  score: (records) =>
    share(
      records,
      (record) =>
        'preferred_output' in record ||
        ('messages' in record && !isForeignTalk(record.messages) && !isAnsweredBeside(record)),
    ),
  mapping: plain('lines'),
  read: (fields, _, text) => readLine(fields, text),
}

/** The text of a string or of a list of text parts. */
function wordsOf(value: unknown): string {
  const parts = unpacked(value)
  const words = (isList(parts) ? parts : [parts]).map((part) => (isRecord(part) ? part.text : part))
  if (!words.every((word) => typeof word === 'string' || isEmpty(word)))
    throw new Refusal('bad-part', { kind: 'system' })
  return words.filter((word) => !isEmpty(word)).join('\n\n')
}

const hasUntypedPart = (message: unknown): boolean =>
  isRecord(message) && isList(message.content) && message.content.some(isForeignPart)

const FOREIGN_PARTS = new Set(['tool_use', 'tool_result', 'image', 'thinking'])
const isForeignPart = (part: unknown): boolean =>
  isRecord(part) && (part.type === undefined || FOREIGN_PARTS.has(String(part.type)))

const isAnthropic = (record: Named): boolean =>
  'messages' in record &&
  (!isEmpty(record.system) ||
    'schemaVersion' in record ||
    (isList(record.messages) && record.messages.some(hasUntypedPart)))

const IMAGE = 'data:'
/** An image in Anthropic's or Bedrock's form, converted to OpenAI's. */
function imageOf(part: Named): Named | null {
  const image = isRecord(part.image) ? part.image : part.type === 'image' ? part : null
  const source = image && isRecord(image.source) ? image.source : null
  if (!source) return null
  const data = source.data ?? source.bytes
  const type = source.media_type ?? `image/${String(image?.format ?? 'png')}`
  const url = typeof source.url === 'string' ? source.url : `${IMAGE}${String(type)};base64,${String(data)}`
  return typeof data === 'string' || typeof source.url === 'string'
    ? { type: 'image_url', image_url: { url } }
    : null
}

const partText = (value: unknown): string => {
  if (typeof value === 'string') return value
  const parts = isList(value) ? value : [value]
  return parts.map((part) => textIn(part)).join('\n')
}
const textIn = (part: unknown): string =>
  isRecord(part) && typeof part.text === 'string'
    ? part.text
    : JSON.stringify(isRecord(part) ? (part.json ?? part) : part)

/** Reasoning in its own key: its rule lets the user choose what to do with it. */
const withReasoning = (thoughts: readonly string[]): Named =>
  thoughts.length === 0 ? {} : { reasoning_content: thoughts.join('\n\n') }

/** Text parts joined to one text; a list with other parts stays a list. */
function wordsAlone(parts: readonly unknown[]): unknown {
  const content = contentOf(parts) as Named[]
  return content.every(isTextPart) ? content.map(({ text }) => text).join('\n\n') : content
}

/** Adds one message with parts: tool results first, then its content, then calls. */
function addParts(role: string, parts: readonly unknown[], builder: MessageBuilder): void {
  const [said, calls, thoughts]: [unknown[], Named[], string[]] = [[], [], []]
  for (const part of parts) {
    const given = isRecord(part) ? part : {}
    const use = isRecord(given.toolUse) ? given.toolUse : given.type === 'tool_use' ? given : null
    const result = isRecord(given.toolResult) ? given.toolResult : given.type === 'tool_result' ? given : null
    if (typeof given.thinking === 'string') thoughts.push(given.thinking)
    else if (use) calls.push(callOf(String(use.toolUseId ?? use.id ?? builder.newId()), use.name, use.input))
    else if (result) {
      const id = String(result.toolUseId ?? result.tool_use_id)
      builder.messages.push({ role: 'tool', tool_call_id: id, content: partText(result.content) })
    } else said.push(imageOf(given) ?? part)
  }
  const more = { ...withReasoning(thoughts), ...(calls.length > 0 && { tool_calls: calls }) }
  if (said.length > 0) builder.say(role, thoughts.length > 0 ? wordsAlone(said) : contentOf(said), more)
  else if (calls.length > 0) builder.messages.push({ role, ...more })
}

const ROLE_KEYS = ['weight', 'name', 'refusal', 'tool_calls', 'tool_call_id', 'function_call'] as const

function addMessage(fields: Fields, index: number, builder: MessageBuilder): void {
  const role = fields.take('role')
  const content = fields.take('content')
  if (typeof role !== 'string') throw new Refusal('bad-turn', { turn: index + 1 })
  const more = Object.fromEntries(
    ROLE_KEYS.filter((key) => fields.has(key)).map((key) => [key, fields.take(key)]),
  )
  if (isList(content) && Object.keys(more).length === 0) addParts(role, content, builder)
  else builder.say(role, contentOf(content), more)
}

function readBeside(fields: Fields, text: string | null): Line[] {
  if (text !== null && !isAnthropic(fields.record)) return readLine(fields, text)
  const system = wordsOf(fields.take('system'))
  const turns = fields.each('messages')
  if (!turns) throw new Refusal('no-messages')
  fields.take('schemaVersion')
  const builder = new MessageBuilder()
  for (const [index, one] of turns.entries()) addMessage(one, index, builder)
  const more = known(fields, ['functions', 'parallel_tool_calls'])
  return [{ messages: [...systemTurns(system), ...builder.messages], ...takeTools(fields), ...more }]
}

export const anthropic: Format<'anthropic'> = {
  write: toAnthropic,
  // A few such records among others stay lines: the checks report each, with its fix.
  score: (records) => (share(records, isAnthropic) >= 0.5 ? share(records, has('messages')) : 0),
  mapping: plain('anthropic'),
  read: (fields, _, text) => readBeside(fields, text),
}

function addGeminiTurn(fields: Fields, index: number, builder: MessageBuilder): void {
  const role = fields.take('role')
  const parts = fields.take('parts')
  const speaker = role === undefined ? 'user' : speakerOf(role)
  if (speaker === null || !isObjectList(parts)) throw new Refusal('bad-turn', { turn: index + 1 })
  const calls = parts.map((part) => part.functionCall).filter(isRecord)
  const results = parts.map((part) => part.functionResponse).filter(isRecord)
  const said = parts
    .filter((part) => !('functionCall' in part || 'functionResponse' in part || isThought(part)))
    .map(geminiPart)
  if (said.length > 0)
    builder.say(
      speaker,
      said.every(isTextPart) ? said.map(({ text }) => text).join('') : said,
      withReasoning(parts.filter(isThought).map(({ text }) => String(text))),
    )
  if (calls.length > 0) {
    fields.note('made-ids')
    builder.call(calls.map(({ name, args }) => callOf(builder.newId(), name, args)))
  }
  for (const { response } of results) builder.result(outputOf(response))
}

/** Unwraps a text under `output`: Gemini's responses must be objects. */
const outputOf = (response: unknown): unknown =>
  isRecord(response) && Object.keys(response).length === 1 && typeof response.output === 'string'
    ? response.output
    : (response ?? '')

const isThought = ({ thought, text }: Named): boolean => thought === true && typeof text === 'string'
const isTextPart = (part: Named): boolean => part.type === 'text'

function geminiPart(part: Named): Named {
  if (typeof part.text === 'string') return { type: 'text', text: part.text }
  const { inlineData: data } = part
  if (!isRecord(data)) throw new Refusal('bad-part', { kind: Object.keys(part).join(', ') })
  return {
    type: 'image_url',
    image_url: { url: `data:${String(data.mimeType)};base64,${String(data.data)}` },
  }
}

function readGemini(fields: Fields): Line[] {
  const instruction = fields.takeFirst(['systemInstruction', 'system_instruction'])
  const turns = fields.each('contents')
  if (!turns?.length) throw new Refusal('no-turns')
  const builder = new MessageBuilder()
  for (const [index, one] of turns.entries()) addGeminiTurn(one, index, builder)
  const system = wordsOf(isRecord(instruction) ? instruction.parts : instruction)
  return [{ messages: [...systemTurns(system), ...builder.messages], ...takeTools(fields) }]
}

export const gemini: Format<'gemini'> = {
  write: toGemini,
  score: (records) => share(records, ({ contents }) => isObjectList(contents) && contents.some(has('parts'))),
  mapping: plain('gemini'),
  read: (fields) => readGemini(fields),
}

/** `{"role": ["user", …], "content": ["Hi", …]}` as a list of turns; null for others. @throws Refusal */
function transposed(value: unknown): Turn[] | null {
  const struct = unpacked(value)
  if (!isRecord(struct)) return null
  const columns = Object.entries(struct).filter((entry): entry is [string, unknown[]] => isList(entry[1]))
  const [first] = columns
  if (!first || columns.length !== Object.keys(struct).length) return null
  if (columns.some(([, cells]) => cells.length !== first[1].length)) throw new Refusal('bad-lists')
  return first[1].map((_, index) =>
    Object.fromEntries(
      columns.map(([key, cells]) => [key, cells[index]]).filter(([, cell]) => cell !== null),
    ),
  )
}

const STRUCTS = ['messages', 'conversations', 'conversation', 'chat']
const structIn = (record: Named): string | undefined => STRUCTS.find((key) => isRecord(unpacked(record[key])))

function readStruct(fields: Fields): Line[] {
  const key = structIn(fields.record)
  const turns = key === undefined ? null : transposed(fields.peek(key))
  if (key === undefined || !turns) throw new Refusal('no-messages')
  const system = takeSystem(fields)
  return [{ messages: [...system, ...messagesOf(fields.fieldsOf(key, turns))], ...takeTools(fields) }]
}

export const structOfLists: Format<'struct-of-lists'> = {
  write: toHuggingFace,
  score: (records) =>
    share(records, (record) => {
      const struct = unpacked(record[structIn(record) ?? ''])
      return isRecord(struct) && Object.values(struct).length > 1 && Object.values(struct).every(isList)
    }),
  mapping: plain('struct-of-lists'),
  read: (fields) => readStruct(fields),
}

const TALKS = ['conversations', 'conversation', 'chat_messages', 'dialogue', 'dialog', 'turns', 'items']
const isSpoken = (value: unknown): boolean =>
  isObjectList(value) && value.some((one) => ['from', 'role', 'speaker', 'sender'].some((key) => key in one))

/** Whether a list has whole conversations, not the turns of one. */
const isWrapped = (value: unknown): boolean =>
  isObjectList(value) && value.every((one) => isObjectList(one.messages) || isObjectList(one.conversations))

const isTexts = (value: unknown): value is string[] =>
  isList(value) && value.length > 1 && value.every((one) => typeof one === 'string')

const ASKED = ['human', 'user', 'question', 'prompt', 'instruction', 'input'] as const
const ANSWERED = ['assistant', 'gpt', 'answer', 'bot', 'response', 'output', 'model'] as const
const isExchange = (one: Named): boolean =>
  ASKED.some((key) => typeof one[key] === 'string') && ANSWERED.some((key) => typeof one[key] === 'string')

/** Whether a list has pairs of a question and its answer. */
const isExchanges = (value: unknown): boolean => isObjectList(value) && value.every(isExchange)

const ROLES: ReadonlySet<unknown> = new Set(['system', 'developer', 'user', 'assistant', 'tool', 'function'])
/** Whether messages have known roles, but under other names or keys than a training line's. */
const isRenamed = (value: unknown): boolean =>
  isObjectList(value) &&
  value.every((one) => SPEAKER_KEYS.some((key) => speakerOf(one[key]) !== null)) &&
  !value.some(({ role }) => ROLES.has(role))

/** The field with the turns of a conversation, as in ShareGPT. */
export const talkIn = (record: Named): string | undefined =>
  TALKS.find((key) => {
    const value = key in record ? unpacked(record[key]) : null
    return key === 'conversations' && key in record
      ? !isWrapped(value)
      : isSpoken(value) || isTexts(value) || (key !== 'items' && isExchanges(value))
  }) ?? ['messages', 'data'].find((key) => isTexts(record[key]) || isRenamed(record[key]))

/** Alternating texts, the first by the user. */
function inTurn(fields: Fields, key: string, texts: readonly string[]): Turn[] {
  fields.take(key)
  fields.note('in-turn')
  if (texts.length % 2 === 1) fields.note('unanswered-turn')
  return texts
    .slice(0, texts.length - (texts.length % 2))
    .map((text, index) => turn(index % 2 === 0 ? 'user' : 'assistant', text))
}

const exchangeOf = (fields: Fields): Turn[] => [
  turn('user', fields.takeFirst(ASKED)),
  turn('assistant', fields.takeFirst(ANSWERED)),
]

/** The turns of a ShareGPT record, its system prompt first. */
export function spokenTurns(fields: Fields): Turn[] {
  // A training line among records of this format is read like them.
  const usual = isSpoken(fields.peek('messages')) ? 'messages' : 'conversations'
  const key = talkIn(fields.record) ?? usual
  const value = unpacked(fields.peek(key))
  if (isTexts(value)) return [...takeSystem(fields), ...inTurn(fields, key, value)]
  const turns = fields.each(key)
  if (!turns?.length) throw new Refusal('no-turns')
  const system = takeSystem(fields)
  return [...system, ...(isExchanges(value) ? turns.flatMap(exchangeOf) : messagesOf(turns))]
}

export const sharegpt: Format<'sharegpt'> = {
  write: toSharegpt,
  score: (records) => share(records, (record) => talkIn(record) !== undefined),
  mapping: plain('sharegpt'),
  read: (fields) => [{ messages: spokenTurns(fields), ...takeTools(fields) }],
}
