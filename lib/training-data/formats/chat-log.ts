import { numberOf } from '../exact.ts'
import { isRecord } from '../is-record.ts'
import { kindOf } from '../rules/rule.ts'
import { type Fields, type Named, Refusal, type Turn } from './fields.ts'
import { type Format, type Gatherer, isObjectList, type Line, type Outcome, share } from './format.ts'
import { MOST_HELD } from './gathered.ts'
import { meaningOf } from './headings.ts'
import type { MappingOf, Note } from './plan.ts'
import { sideOf, speakerOf, turn } from './turns.ts'

/** Chats between people, as exported by chat programs: one message per record, and only the user knows who answers. */

interface LogMessage {
  line: number
  speaker: string
  text: string
  /** In milliseconds; NaN if unknown. */
  at: number
  conversation: string | null
}

/** A pause that ends a conversation. */
const PAUSE_MS = 6 * 60 * 60 * 1000

const SPEAKERS = ['speaker', 'role', 'from', 'sender_name', 'username', 'user', 'bot_id'] as const
const TEXTS = ['text', 'content', 'value'] as const
const TIMES = ['date_unixtime', 'timestamp_ms', 'ts', 'timestamp', 'date'] as const
/** Message types of Slack, Telegram and Discord; other types are notices of the program. */
const MESSAGES = new Set(['message', 'Default', 'Reply', 'Generic'])

const authorOf = (value: unknown): string | null => {
  const name = isRecord(value) ? (value.nickname ?? value.name) : null
  return typeof name === 'string' ? name : null
}

const speakerIn = (record: Named): string | null => {
  const name = SPEAKERS.map((key) => record[key]).find((value) => typeof value === 'string' && value !== '')
  return typeof name === 'string' ? name : authorOf(record.author)
}

/** The text of a part. @throws Refusal for other parts, such as calls or images */
function partOf(part: unknown): string {
  if (typeof part === 'string') return part
  if (isRecord(part) && typeof part.text === 'string') return part.text
  throw new Refusal('bad-part', { kind: isRecord(part) ? String(part.type) : kindOf(part) })
}

/** Telegram writes a text with links as a list. */
function wordsIn(value: unknown): string {
  if (typeof value === 'string') return value
  if (!Array.isArray(value)) return ''
  return value.map(partOf).join('')
}

function timeIn(fields: Fields): number {
  const time = fields.takeFirst(TIMES)
  const number = numberOf(time)
  if (Number.isNaN(number)) return Date.parse(String(time))
  return number > 1e11 ? number : number * 1000
}

const isNotice = ({ type, subtype, action }: Named): boolean =>
  (typeof type === 'string' && !MESSAGES.has(type)) ||
  (typeof subtype === 'string' && subtype !== 'bot_message') ||
  typeof action === 'string'

/** WhatsApp's placeholders for a file or a deleted message. */
const STAND_IN =
  /^\u200e?(?:<[^<>\n]{1,60}>|(?:image|video|audio|sticker|GIF|document|contact card) omitted|(?:this message was|you) deleted(?: this message)?\.?)$/i

/** One message; null for a notice. */
function messageIn(fields: Fields, line: number): LogMessage | null {
  const { record } = fields
  for (const key of [...SPEAKERS, 'author', 'type', 'conversation']) fields.take(key)
  const text = wordsIn(fields.takeFirst(TEXTS)).trim()
  const at = timeIn(fields)
  const isStandIn = typeof record.conversation === 'string' && STAND_IN.test(text)
  const speaker = speakerIn(record)
  if (speaker === null && typeof record.text === 'string' && 'speaker' in record)
    throw new Refusal('no-speaker')
  if ((isLogged(record) && isNotice(record)) || isStandIn || text === '' || speaker === null) {
    fields.note('notices')
    return null
  }
  const conversation = typeof record.conversation === 'string' ? record.conversation : null
  return { line, speaker, text, at, conversation }
}

/** Whether the second message continues the conversation of the first. */
const continues = (one: LogMessage, next: LogMessage): boolean =>
  one.conversation === next.conversation && !(next.at - one.at >= PAUSE_MS)

/** Sorted by time if every message has one: some programs write the newest first. */
const inOrder = (all: readonly LogMessage[]): readonly LogMessage[] =>
  all.some(({ at }) => Number.isNaN(at)) ? all : all.toSorted((one, next) => one.at - next.at)

function conversationsIn(all: readonly LogMessage[]): LogMessage[][] {
  const conversations: LogMessage[][] = []
  let last: LogMessage | undefined
  for (const said of inOrder(all)) {
    if (last && continues(last, said)) conversations.at(-1)?.push(said)
    else conversations.push([said])
    last = said
  }
  return conversations
}

const roleOf = (speaker: string, assistant: string): string =>
  speaker === assistant ? 'assistant' : sideOf(speaker) === 'system' ? 'system' : 'user'

/** Messages as turns: consecutive messages of one side are one turn. */
function turnsOf(conversation: readonly LogMessage[], assistant: string): Turn[] {
  const turns: Turn[] = []
  for (const { speaker, text } of conversation) {
    const role = roleOf(speaker, assistant)
    const last = turns.at(-1)
    if (last?.role === role) turns.splice(-1, 1, turn(role, `${String(last.content)}\n${text}`))
    else turns.push(turn(role, text))
  }
  return turns
}

/** Each question with its answer as a conversation, after the system prompt. */
function exchangesIn(turns: readonly Turn[]): Turn[][] {
  const system = turns.filter(({ role }) => role === 'system')
  return turns.flatMap((said, index) => {
    const asked = turns[index - 1]
    return said.role === 'assistant' && asked?.role === 'user' ? [[...system, asked, said]] : []
  })
}

/** The trainable part of a conversation: from its first question to its last answer. */
function trainable(turns: readonly Turn[]): Turn[] {
  const first = turns.findIndex(({ role }) => role === 'user')
  const last = turns.findLastIndex(({ role }) => role === 'assistant')
  if (first === -1 || last < first) return []
  const system = turns.slice(0, first).filter(({ role }) => role === 'system')
  return [...system, ...turns.slice(first, last + 1)]
}

function outcomeOf(
  conversation: readonly LogMessage[],
  assistant: string,
  rows: 'conversation' | 'exchange',
): Outcome {
  const from = conversation.map(({ line }) => line)
  const turns = turnsOf(conversation, assistant)
  const messages = trainable(turns)
  if (messages.length === 0) return { from, problem: 'no-answer', values: {} }
  const made = rows === 'exchange' ? exchangesIn(messages) : [messages]
  const notes: Note[] = [
    ...(turns.at(-1)?.role === 'user' ? (['unanswered-turn'] as const) : []),
    ...(turns.find(({ role }) => role !== 'system')?.role === 'assistant' ? (['unasked-turn'] as const) : []),
  ]
  return { from, lines: made.map((one): Line => ({ messages: one })), notes }
}

function gatherLog({ assistant, rows }: MappingOf<'chat-log'>): Gatherer {
  const held: LogMessage[] = []
  let size = 0
  return {
    add: (fields, line) => {
      const said = messageIn(fields, line)
      if (said === null) return []
      if (assistant === null) throw new Refusal('no-assistant', { name: said.speaker })
      size += said.text.length
      if (size > MOST_HELD) throw new Refusal('too-much-held')
      held.push(said)
      return []
    },
    finish: () =>
      assistant === null ? [] : conversationsIn(held).map((one) => outcomeOf(one, assistant, rows)),
  }
}

/** Whether a record is a message of Telegram, Slack, Discord or Messenger. */
const isLogged = (record: Named): boolean =>
  'from_id' in record ||
  'date_unixtime' in record ||
  ('sender_name' in record && 'timestamp_ms' in record) ||
  ('ts' in record && typeof record.text === 'string' && ('user' in record || 'bot_id' in record)) ||
  (isRecord(record.author) && 'timestamp' in record && 'content' in record)

/** Whether a list is a chat between people in the format of one of these programs. */
export const isLog = (value: unknown): boolean =>
  isObjectList(value) && value.filter(isLogged).length * 2 > value.length

/** All speakers in these records, likely assistants first. */
export const speakersIn = (records: readonly Named[]): string[] => {
  const names = [...new Set(records.flatMap((record) => speakerIn(record) ?? []))]
  return names.toSorted(
    (one, next) => Number(sideOf(next) === 'assistant') - Number(sideOf(one) === 'assistant'),
  )
}

/** Whether a name means a question or an answer, not a speaker. */
const isAsked = (name: string): boolean =>
  QUESTIONS.has(name.trim().toLowerCase()) || (speakerOf(name) === null && meaningOf(name) !== null)
const QUESTIONS = new Set(['q', 'a', 'question', 'answer', 'س', 'ج', 'в', 'о'])

/** Whether a record is a turn, in a file that is a list of turns. */
const isBareTurn = (record: Named): boolean =>
  [
    ['role', 'content'],
    ['from', 'value'],
  ].some(([who = '', what = '']) => speakerOf(record[who]) !== null && typeof record[what] === 'string')

export const chatLog: Format<'chat-log'> = {
  score: (records) => share(records, (record) => isLogged(record) || isBareTurn(record)),
  mapping: (records) => ({
    shape: 'chat-log',
    assistant: speakersIn(records).find((name) => sideOf(name) === 'assistant') ?? null,
    // Questions with their answers are not a conversation.
    rows: speakersIn(records).every(isAsked) ? 'exchange' : 'conversation',
  }),
  gather: gatherLog,
}
