import { readWeight } from '../formats/convert.ts'
import { isRecord } from '../is-record.ts'
import type { LooseLine, LooseMessage, LooseObject } from './rule.ts'
import { isAssistant, isInstruction } from './rule.ts'
import { likelyRole, roleKeys } from './turns.ts'

/** Meaning of a key that other formats have and OpenAI's lacks. */
export type Meaning = 'system' | 'role' | 'content' | 'weight' | 'format'

/** The system prompt in its own key, as in Anthropic's and Bedrock's formats; null when there is none. */
export function systemBeside({ system }: LooseObject): string | null {
  if (typeof system === 'string') return system
  const texts = Array.isArray(system) ? system.map((part) => (isRecord(part) ? part.text : null)) : []
  return texts.length > 0 && texts.every((text) => typeof text === 'string') ? texts.join('\n') : null
}

/** What a key of a line means; null if unknown. */
export function lineMeaning({ kind, value, conversations }: LooseLine, key: string): Meaning | null {
  const said = value[key]
  if (key === 'schemaVersion' && typeof said === 'string' && said.startsWith('bedrock-conversation-'))
    return 'format'
  const text = key === 'system' && kind === 'chat' ? systemBeside(value) : null
  const others = conversations[0]?.messages.filter(isInstruction) ?? []
  return text !== null && others.every(({ content }) => content === text) ? 'system' : null
}

const contentKeys = new Set(['value', 'text'])

/** Keys of other trainers for whether an answer is trained. */
const weightKeys: ReadonlySet<string> = new Set(['train', 'training', 'trainable', 'loss', 'learn'])

/** Whether a key is a weight: any on an answer, on other messages only 0, which is the default there. */
function isWeight(message: LooseMessage, key: string): boolean {
  const weight = weightKeys.has(key) ? readWeight(message[key]) : null
  return weight !== null && message.weight === undefined && (isAssistant(message) || weight === 0)
}

/** What a key of a message means; null if unknown. */
export function messageMeaning(message: LooseMessage, key: string): Meaning | null {
  const said = message[key]
  if (key === 'type' && said === 'message') return 'format'
  if (isWeight(message, key)) return 'weight'
  const isRole = message.role === undefined && (roleKeys as readonly string[]).includes(key)
  if (isRole && likelyRole(said) !== null) return 'role'
  return contentKeys.has(key) && message.content === undefined && typeof said === 'string' ? 'content' : null
}
