import { isRecord } from '../is-record.ts'
import { type Example, type Message, type TrainingLine, textOf } from '../schema.ts'
import { type Named, unpacked } from './fields.ts'
import type { Loss } from './write-target.ts'

/** A row in another format: its record, or null if the format cannot represent the row; and what is lost. */
export interface Written {
  record: Named | null
  lost: Loss[]
}

/** @throws Unheld if the format cannot represent the row */
export type Writer = (line: TrainingLine) => Written

/** Not thrown at callers: `writeAs` turns it into a row that is left out. */
export class Unheld extends Error {
  readonly loss: Loss
  constructor(loss: Loss) {
    super(loss)
    this.loss = loss
  }
}

type Tool = NonNullable<Example['tools']>[number]

/** A conversation with old forms of tools and calls converted to the new ones. */
interface Conversation {
  system: string
  turns: Message[]
  tools: Tool[]
  lost: Set<Loss>
}

const isInstruction = ({ role }: Message): boolean => role === 'system' || role === 'developer'

/** Converts `function_call` to a call with an id, and the `function` turn after it to its result. */
function withToolCalls(messages: readonly Message[]): Message[] {
  let made = 0
  return messages.map(({ function_call: call, ...message }): Message => {
    if (call) return { ...message, tool_calls: [{ id: `call_${++made}`, type: 'function', function: call }] }
    if (message.role !== 'function') return message
    return { role: 'tool', content: message.content, tool_call_id: `call_${made}` }
  })
}

function opened({ messages, tools, functions, parallel_tool_calls }: Example): Conversation {
  const lost = new Set<Loss>()
  const renewedTools = functions?.map((spec): Tool => ({ type: 'function', function: spec }))
  const body = messages.findIndex((message) => !isInstruction(message))
  const [instructions, turns] = body === -1 ? [messages, []] : [messages.slice(0, body), messages.slice(body)]
  if (turns.some(isInstruction)) throw new Unheld('system-inside')
  if (parallel_tool_calls !== undefined) lost.add('options')
  if (messages.some(({ name, role }) => name !== undefined && role !== 'function')) lost.add('names')
  if (messages.some(({ refusal }) => refusal)) lost.add('refusals')
  const system = instructions.map(({ content }) => textOf(content)).join('\n\n')
  return { system, turns: withToolCalls(turns), tools: [...(tools ?? []), ...(renewedTools ?? [])], lost }
}

function chatOf(line: TrainingLine): Conversation {
  if (!('messages' in line)) throw new Unheld('preference')
  return opened(line)
}

const hasWeights = ({ turns }: Conversation): boolean => turns.some(({ weight }) => weight === 0)
const hasImages = ({ turns }: Conversation): boolean =>
  turns.some(({ content }) => Array.isArray(content) && content.some(({ type }) => type === 'image_url'))
const hasCalls = ({ turns, tools }: Conversation): boolean =>
  tools.length > 0 || turns.some(({ role, tool_calls }) => role === 'tool' || tool_calls !== undefined)

/** The format has no weights: untrained answers would be trained. */
function loseWeights(chat: Conversation): void {
  if (hasWeights(chat)) chat.lost.add('weights')
}

const done = (record: Named, { lost }: Pick<Conversation, 'lost'>): Written => ({ record, lost: [...lost] })
const systemOf = (system: string): Named => (system === '' ? {} : { system })

export const toHuggingFace: Writer = (line) => {
  const chat = chatOf(line)
  loseWeights(chat)
  const messages = [
    ...(chat.system === '' ? [] : [{ role: 'system', content: chat.system }]),
    ...chat.turns.map(({ weight: _, name: __, refusal: ___, ...message }) => message),
  ]
  return done(chat.tools.length > 0 ? { messages, tools: chat.tools } : { messages }, chat)
}

/** The object in a JSON text; empty for any other text. */
const objectIn = (text: string): unknown => {
  const value = unpacked(text)
  return isRecord(value) ? value : {}
}

const DATA_URL = /^data:([\w/+.-]+);base64,/

function anthropicPart(part: Exclude<Message['content'], string | null | undefined>[number]): Named {
  if (part.type === 'text') return part
  const { url } = part.image_url
  const [head, type] = DATA_URL.exec(url) ?? []
  const source = head
    ? { type: 'base64', media_type: type, data: url.slice(head.length) }
    : { type: 'url', url }
  return { type: 'image', source }
}

function anthropicTurn({ role, content, tool_calls, tool_call_id }: Message): Named {
  if (role === 'tool') {
    const result = { type: 'tool_result', tool_use_id: tool_call_id, content: textOf(content) }
    return { role: 'user', content: [result] }
  }
  const parts = Array.isArray(content) ? content.map(anthropicPart) : content
  if (!tool_calls) return { role, content: parts ?? '' }
  const said = typeof parts === 'string' ? [{ type: 'text', text: parts }] : (parts ?? [])
  const uses = tool_calls.map(({ id, function: { name, arguments: given } }) => ({
    type: 'tool_use',
    id,
    name,
    input: objectIn(given),
  }))
  return { role, content: [...said, ...uses] }
}

export const toAnthropic: Writer = (line) => {
  const chat = chatOf(line)
  loseWeights(chat)
  const tools = chat.tools.map(({ function: { name, description, parameters } }) => ({
    name,
    description,
    input_schema: parameters ?? { type: 'object' },
  }))
  const messages = chat.turns.map(anthropicTurn)
  return done({ ...systemOf(chat.system), messages, ...(tools.length > 0 ? { tools } : {}) }, chat)
}

function geminiPart(part: Exclude<Message['content'], string | null | undefined>[number]): Named {
  if (part.type === 'text') return { text: part.text }
  const { url } = part.image_url
  const [head, type] = DATA_URL.exec(url) ?? []
  if (!head) throw new Unheld('images')
  return { inlineData: { mimeType: type, data: url.slice(head.length) } }
}

function geminiTurn(
  { role, content, tool_calls = [], tool_call_id }: Message,
  names: ReadonlyMap<string, string>,
): Named {
  if (role === 'tool') {
    const name = names.get(tool_call_id ?? '') ?? ''
    return { role: 'user', parts: [{ functionResponse: { name, response: { output: textOf(content) } } }] }
  }
  const said =
    typeof content === 'string'
      ? content === ''
        ? []
        : [{ text: content }]
      : (content ?? []).map(geminiPart)
  const calls = tool_calls.map(({ function: { name, arguments: given } }) => ({
    functionCall: { name, args: objectIn(given) },
  }))
  return { role: role === 'assistant' ? 'model' : 'user', parts: [...said, ...calls] }
}

const callNames = (turns: readonly Message[]): ReadonlyMap<string, string> =>
  new Map(
    turns.flatMap(({ tool_calls = [] }) =>
      tool_calls.map(({ id, function: { name } }): [string, string] => [id, name]),
    ),
  )

export const toGemini: Writer = (line) => {
  const chat = chatOf(line)
  loseWeights(chat)
  const names = callNames(chat.turns)
  const contents = chat.turns.map((turn) => geminiTurn(turn, names))
  const declared = chat.tools.map(({ function: spec }) => ({ ...spec, strict: undefined }))
  const tools = declared.length > 0 ? { tools: [{ functionDeclarations: declared }] } : {}
  const system =
    chat.system === '' ? {} : { systemInstruction: { role: 'system', parts: [{ text: chat.system }] } }
  return done({ ...system, contents, ...tools }, chat)
}

function sharegptTurns({ role, content, weight, tool_calls }: Message): Named[] {
  const from = { user: 'human', assistant: 'gpt', tool: 'observation' }[role as string] ?? role
  const said = textOf(content)
  const turns: Named[] = said === '' && tool_calls ? [] : [{ from, value: said, weight }]
  if (!tool_calls) return turns
  const calls = tool_calls.map(({ function: { name, arguments: given } }) => ({
    name,
    arguments: objectIn(given),
  }))
  const value = JSON.stringify(calls.length === 1 ? calls[0] : calls)
  return [...turns, { from: 'function_call', value }]
}

export const toSharegpt: Writer = (line) => {
  const chat = chatOf(line)
  if (hasImages(chat)) throw new Unheld('images')
  const specs = chat.tools.map(({ function: spec }) => spec)
  const tools = specs.length > 0 ? { tools: JSON.stringify(specs) } : {}
  return done({ conversations: chat.turns.flatMap(sharegptTurns), ...systemOf(chat.system), ...tools }, chat)
}

/** Alternating questions and answers. @throws Unheld for any other conversation */
function exchanges(chat: Conversation): [Message, Message][] {
  if (hasImages(chat)) throw new Unheld('images')
  if (hasCalls(chat)) throw new Unheld('tools')
  const pairs = chat.turns.flatMap((turn, index): [Message, Message][] => {
    const next = chat.turns[index + 1]
    return turn.role === 'user' && next?.role === 'assistant' ? [[turn, next]] : []
  })
  if (chat.turns.at(-1)?.role !== 'assistant') throw new Unheld('no-answer')
  if (pairs.length * 2 !== chat.turns.length) throw new Unheld('several-turns')
  return pairs
}

export const toAlpaca: Writer = (line) => {
  const chat = chatOf(line)
  const pairs = exchanges(chat)
  loseWeights(chat)
  const [asked, answered] = pairs.at(-1) ?? []
  const history = pairs
    .slice(0, -1)
    .map(([user, assistant]) => [textOf(user.content), textOf(assistant.content)])
  const record = { instruction: textOf(asked?.content), input: '', output: textOf(answered?.content) }
  return done({ ...record, ...systemOf(chat.system), ...(history.length > 0 ? { history } : {}) }, chat)
}

export const toTrl: Writer = (line) => {
  if ('messages' in line) throw new Unheld('chat')
  const { input, preferred_output, non_preferred_output } = line
  const lost: Loss[] = input.parallel_tool_calls === undefined ? [] : ['options']
  const record = { prompt: input.messages, chosen: preferred_output, rejected: non_preferred_output }
  return { record: input.tools ? { ...record, tools: input.tools } : record, lost }
}

function onlyAnswer(messages: readonly Message[]): string {
  const [only, ...more] = messages
  if (!only || more.length > 0) throw new Unheld('several-turns')
  if (only.tool_calls) throw new Unheld('tools')
  return textOf(only.content)
}

export const toTable: Writer = (line) => {
  const isPair = !('messages' in line)
  const chat = isPair
    ? opened({ ...line.input, messages: [...line.input.messages, ...line.preferred_output] })
    : opened(line)
  const [pair, ...more] = exchanges(chat)
  if (!pair || more.length > 0) throw new Unheld('several-turns')
  const [asked, answered] = pair
  const said = { system: chat.system, question: textOf(asked.content), answer: textOf(answered.content) }
  if (isPair) return done({ ...said, rejected: onlyAnswer(line.non_preferred_output) }, chat)
  return done({ ...said, weight: String(answered.weight ?? '') }, chat)
}

export const toOpenai: Writer = (line) => ({ record: line, lost: [] })
