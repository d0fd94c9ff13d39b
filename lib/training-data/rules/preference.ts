import { isRecord } from '../is-record.ts'
import type { Path } from '../issue.ts'
import { isAssistant, kindOf, type LineRule, type LooseLine, type LooseMessage, type Tell } from './rule.ts'

const outputs = ['preferred_output', 'non_preferred_output'] as const

/** An answer's text, its parts joined: OpenAI compares it in this form too. */
const wordsOf = (content: unknown): unknown =>
  Array.isArray(content) ? content.map((part) => (isRecord(part) ? part.text : part)).join('') : content

const isTextOnly = ({ content }: LooseMessage): boolean =>
  !Array.isArray(content) || content.every((part) => isRecord(part) && part.type === 'text')

function checkLists({ value }: LooseLine, tell: Tell): boolean {
  const input = isRecord(value.input) ? value.input.messages : undefined
  const lists: [Path, unknown][] = [
    [['input', 'messages'], input],
    ...outputs.map((key): [Path, unknown] => [[key], value[key]]),
  ]
  const missing = lists.filter(([, list]) => !Array.isArray(list) || list.length === 0)
  for (const [path, list] of missing) {
    const written = path.length > 1 ? value.input : list
    const kind = kindOf(written)
    const there = path.length > 1 ? Array.isArray(written) : isRecord(written) || typeof written === 'string'
    if (there) tell('error', path.slice(0, 1), { reason: 'shape', key: String(path[0]), kind, fix: 'fix' })
    else tell('error', path, { reason: 'missing', key: path.join('.') })
  }
  return missing.length === 0
}

/** A pair must have a prompt and two different answers of one text message each. */
export const preferenceKeys: LineRule = {
  id: 'preference-keys',
  check(line, tell) {
    if (line.kind !== 'preference' || !checkLists(line, tell)) return
    const answers = line.conversations.filter(({ part }) => part === 'output')
    for (const { path, messages } of answers) {
      const key = path.join('.')
      if (messages.length !== 1 || !messages.every(isAssistant)) tell('error', path, { reason: 'one', key })
    }
    const [prompt] = line.conversations
    const last = prompt?.messages.at(-1)
    if (prompt && last && isAssistant(last)) {
      const place = [...prompt.path, prompt.messages.length - 1]
      tell('error', place, { reason: 'ends', key: prompt.path.join('.') })
    }
    for (const { path, messages } of line.conversations) {
      const index = messages.findIndex((message) => !isTextOnly(message))
      if (index >= 0) tell('error', [...path, index, 'content'], { reason: 'text', key: path.join('.') })
    }
    const [better, worse] = answers.map(({ messages }) =>
      JSON.stringify(messages.map(({ content }) => wordsOf(content))),
    )
    if (better === worse)
      tell('error', ['non_preferred_output'], { reason: 'same', key: 'non_preferred_output' })
  },
}

/** A job trains on conversations or on pairs, not on both. */
export const wrongMethod: LineRule = {
  id: 'mixed-methods',
  check({ kind }, tell, { method }) {
    const found = kind === 'chat' ? 'supervised' : 'preference'
    if (method && found !== method) tell('error', [], { found, method, count: 0 })
  },
}
