import { rawAt, readTurns, setAt, setKey, setRaw, writeTurns, written } from '../edit.ts'
import { convert, readWeight } from '../formats/convert.ts'
import type { Mapping } from '../formats/plan.ts'
import { isRecord } from '../is-record.ts'
import { REMOVE, type RuleId } from '../issue.ts'
import { misread } from '../mojibake.ts'
import { lineMeaning, messageMeaning, systemBeside } from '../rules/meanings.ts'
import { emptyKeys, withoutNulls } from '../rules/nulls.ts'
import { openLine } from '../rules/opening.ts'
import { usualPart } from '../rules/parts.ts'
import { reasoningKey, splitReasoning } from '../rules/reasoning.ts'
import {
  findSpecial,
  withBackslashes,
  withoutHtml,
  withoutSpecials,
  withoutUnseen,
  withSigns,
} from '../rules/residue.ts'
import { isAssistant, isInstruction, type LooseMessage, type LooseObject } from '../rules/rule.ts'
import { hasLegacyCalls, isLonePair } from '../rules/tools.ts'
import { canJoin, isPairInDisguise, likelyRole, spokenBy } from '../rules/turns.ts'
import { isOther } from '../rules/weights.ts'
import { wordsIn } from '../rules/words.ts'
import { exampleKeys, inputKeys, messageKeys, preferenceKeys, Role } from '../schema.ts'
import { usualCalls } from './calls.ts'
import { asTools } from './legacy.ts'
import { replaceKey, replaceStrings } from './text.ts'
import { eachList, eachTurn, type Fix, inTexts, withContent } from './turns.ts'

const unknownKeysIn = (object: LooseObject, known: ReadonlySet<string>): string[] =>
  Object.keys(object).filter((key) => !known.has(key))

const withoutKeys = (text: string, keys: readonly string[], parents: readonly string[] = []): string =>
  keys.reduce((rest, key) => setAt(rest, [...parents, key], undefined), text)

/** Prepends a system prompt, if there is none. */
function withSystem(text: string, system: string, messages: readonly LooseMessage[]): string {
  const turns = readTurns(text)
  if (!turns || system.trim() === '' || messages.some(isInstruction)) return text
  return writeTurns(text, [written({ role: 'system', content: system }), ...turns.map(({ raw }) => raw)])
}

/** Moves line keys with a known meaning to their place. */
const meantKeys: Fix = (text, line) => {
  const known = line.kind === 'chat' ? exampleKeys : preferenceKeys
  const meant = unknownKeysIn(line.value, known).filter((key) => lineMeaning(line, key) !== null)
  const system = meant.includes('system') ? systemBeside(line.value) : null
  const moved = system === null ? text : withSystem(text, system, line.conversations[0]?.messages ?? [])
  return withoutKeys(moved, meant)
}

const meantIn = (message: LooseMessage): string[] =>
  unknownKeysIn(message, messageKeys).filter((key) => messageMeaning(message, key) !== null)

/** The same for message keys. */
const meantTurnKeys = eachTurn(
  (message) => meantIn(message).length > 0,
  (turn, message) =>
    meantIn(message).reduce((fixed, key) => {
      const meaning = messageMeaning(message, key)
      const bare = setKey(fixed, key, undefined)
      if (meaning === 'role') return setKey(bare, 'role', likelyRole(message[key]))
      if (meaning === 'weight')
        return isAssistant(message) ? setKey(bare, 'weight', readWeight(message[key])) : bare
      return meaning === 'content' ? setKey(bare, 'content', message[key]) : bare
    }, turn),
)

/** Removes one unknown key. */
function withoutKey(key: string): Fix {
  const has = (object: LooseObject, known: ReadonlySet<string>) => unknownKeysIn(object, known).includes(key)
  const turns = eachTurn(
    (message) => has(message, messageKeys),
    (turn) => setKey(turn, key, undefined),
  )
  return (text, line) => {
    const { kind, value } = line
    const outer = has(value, kind === 'chat' ? exampleKeys : preferenceKeys) ? withoutKeys(text, [key]) : text
    const inner = kind === 'preference' && isRecord(value.input) && has(value.input, inputKeys)
    return turns(inner ? withoutKeys(outer, [key], ['input']) : outer, line, null)
  }
}

/** Removes only the named key; without a name, moves keys with a known meaning. */
const unknownKeys: Fix = (text, line, how) => {
  if (how?.startsWith(REMOVE)) return withoutKey(how.slice(REMOVE.length))(text, line, how)
  const turned = meantTurnKeys(text, line, how)
  return meantKeys(turned, line, how)
}

const withoutNullKeys: Fix = (text) =>
  emptyKeys(text).reduce((rest, path) => setAt(rest, path, undefined), text)

const isRole = (role: unknown) => Role.safeParse(role).success
const meantRole = (message: LooseMessage): string | null =>
  isRole(message.role)
    ? null
    : message.role === undefined
      ? (spokenBy(message)?.role ?? null)
      : likelyRole(message.role)

const knownRole = eachTurn(
  (message) => meantRole(message) !== null,
  (turn, message) => {
    const by = message.role === undefined ? spokenBy(message) : null
    return setKey(by ? setKey(turn, by.key, undefined) : turn, 'role', meantRole(message))
  },
)

const numericWeight = eachTurn(
  ({ weight }) => weight !== 0 && weight !== 1 && readWeight(weight) !== null,
  (turn, { weight }) => setKey(turn, 'weight', readWeight(weight)),
)

const noOthersWeight = eachTurn(
  (message) => message.weight !== undefined && isOther(message),
  (turn) => setKey(turn, 'weight', undefined),
)

/** Moves a single system message to the front. The order of several is kept: it may have a meaning. */
const systemFirst = eachList(
  (messages) => messages.findIndex(isInstruction) > 0 && messages.filter(isInstruction).length === 1,
  (turns, messages) => {
    const at = messages.findIndex(isInstruction)
    return [...turns.slice(at, at + 1), ...turns.slice(0, at), ...turns.slice(at + 1)]
  },
)

/** Converts parts to OpenAI's form. */
const usualParts = eachTurn(
  ({ content }) => Array.isArray(content) && content.some((part) => usualPart(part) !== null),
  (turn, { content }) =>
    (content as readonly unknown[]).reduce<string>((fixed, part, index) => {
      const usual = usualPart(part)
      return usual ? setRaw(fixed, ['content', index], written(usual)) : fixed
    }, turn),
)

/** Joins consecutive user messages, with a blank line between them. */
const joined = eachList(
  (messages) => messages.some((_, index) => canJoin(messages, index)),
  (turns, messages) => {
    const kept: { raw: string; text: unknown }[] = []
    messages.forEach((message, index) => {
      const raw = turns[index] ?? ''
      const last = kept.at(-1)
      if (last && canJoin(messages, index)) {
        last.text = `${String(last.text)}\n\n${String(message.content)}`
        last.raw = withContent(last.raw, String(last.text))
      } else kept.push({ raw, text: message.content })
    })
    return kept.map(({ raw }) => raw)
  },
)

/** Converts two answers of which one is not trained to a preference pair. */
const asPair: Fix = (text, { kind, value, conversations }, how) => {
  const messages = conversations[0]?.messages ?? []
  const turns = how === 'pairs' && kind === 'chat' && isPairInDisguise(messages) ? readTurns(text) : null
  if (!turns) return text
  const answers = turns.slice(-2).map(({ raw }) => setKey(raw, 'weight', undefined))
  const [better, worse] = messages.at(-1)?.weight === 0 ? answers : answers.toReversed()
  const prompt = turns
    .slice(0, -2)
    .map(({ raw, value }) => (isAssistant(value) ? setKey(raw, 'weight', undefined) : raw))
  const beside = ['tools', 'parallel_tool_calls']
    .filter((key) => value[key] !== undefined)
    .map((key) => `, ${JSON.stringify(key)}: ${rawAt(text, [key])}`)
  const input = `{"messages": [${prompt.join(', ')}]${beside.join('')}}`
  return `{"input": ${input}, "preferred_output": [${better}], "non_preferred_output": [${worse}]}`
}

const answers = ['preferred_output', 'non_preferred_output'] as const

/** Wraps a message or text in a list where a pair needs one. */
const pairLists: Fix = (text, { kind, value }) => {
  if (kind !== 'preference') return text
  const asked = Array.isArray(value.input) ? rawAt(text, ['input']) : null
  const whole = asked === null ? text : setRaw(text, ['input'], `{"messages": ${asked}}`)
  return answers.reduce((fixed, key) => {
    const raw = rawAt(fixed, [key])
    if (raw === null) return fixed
    if (isRecord(value[key])) return setRaw(fixed, [key], `[${raw}]`)
    if (typeof value[key] !== 'string' || value[key] === '') return fixed
    return setRaw(fixed, [key], `[{"role": "assistant", "content": ${raw}}]`)
  }, whole)
}

/** A message's text; null if it has other parts, which would be lost. */
function plainText({ content }: LooseMessage): string | null {
  if (content === undefined || content === null) return ''
  if (typeof content === 'string') return content
  const parts = Array.isArray(content) ? content : [null]
  const texts = parts.map((part) => (isRecord(part) && part.type === 'text' ? part.text : null))
  return texts.every((text) => typeof text === 'string') ? texts.join('\n\n') : null
}

/** The reasoning of an answer, from its key or text, and the answer; null if there is none. */
function partsOf(message: LooseMessage): { key: string | null; thoughts: string; answer: string } | null {
  const content = plainText(message)
  if (content === null) return null
  const key = reasoningKey(message)
  if (key !== null) return { key, thoughts: String(message[key]), answer: content }
  const split = isAssistant(message) ? splitReasoning(content) : null
  return split && { key: null, thoughts: split.thoughts.trim(), answer: split.answer.trimStart() }
}

/** A turn with reasoning: `keep` it in the answer, `mask` it as context, or `strip` it. */
function reasoned(turn: string, message: LooseMessage, how: string | null): string[] {
  const parts = partsOf(message)
  if (!parts) return [turn]
  const { key, thoughts, answer } = parts
  const bare = key === null ? turn : setKey(turn, key, undefined)
  const thought = `<think>${thoughts}</think>`
  if (thoughts.trim() === '' || how === 'strip') return [withContent(bare, answer)]
  if (how === 'keep')
    return [key === null ? turn : withContent(bare, answer === '' ? thought : `${thought}\n\n${answer}`)]
  if (message.tool_calls !== undefined) return [turn]
  return [written({ role: 'assistant', content: thought, weight: 0 }), withContent(bare, answer)]
}

const choices: ReadonlySet<string | null> = new Set(['keep', 'mask', 'strip'])

const reasoningChosen: Fix = (text, line, how) =>
  choices.has(how)
    ? eachList(
        (messages) => messages.some((message) => partsOf(message) !== null),
        (turns, messages) => turns.flatMap((turn, index) => reasoned(turn, messages[index] ?? {}, how)),
      )(text, line, how)
    : text

/** Gives a call and the single result after it one id. */
const sharedIds = eachList(
  (messages) => messages.some((_, index) => isLonePair(messages, index)),
  (turns, messages) => {
    const fixed = [...turns]
    messages.forEach((message, index) => {
      if (!isLonePair(messages, index)) return
      const [call] = message.tool_calls as readonly LooseObject[]
      const id = typeof call?.id === 'string' ? call.id : messages[index + 1]?.tool_call_id
      if (typeof id !== 'string') return
      fixed[index] = setAt(turns[index] ?? '', ['tool_calls', 0, 'id'], id)
      fixed[index + 1] = setKey(turns[index + 1] ?? '', 'tool_call_id', id)
    })
    return fixed
  },
)

const asToolCalls: Fix = (text, line) =>
  line.kind === 'chat' && hasLegacyCalls(line) ? asTools(text, line) : text

/** A JSON string trimmed to a range, also of escaped space; the rest keeps its escapes. */
function trimmedJson(literal: string, start: number, end: number): string {
  const signs = literal.slice(1, -1).match(/\\u[0-9a-fA-F]{4}|\\.|[^\\]/gs) ?? []
  return `"${signs.slice(start, end).join('')}"`
}

const bounds = (content: string, message: LooseMessage): { start: number; end: number } => {
  const { start, end } = wordsIn(content)
  return { start: isAssistant(message) ? start : 0, end }
}

const noOuterSpace = eachTurn(
  (message) => {
    const { content } = message
    if (typeof content !== 'string' || content.trim() === '') return false
    const { start, end } = bounds(content, message)
    return start > 0 || end < content.length
  },
  (turn, message) => {
    const { start, end } = bounds(String(message.content), message)
    return replaceKey(turn, 'content', (literal) => trimmedJson(literal, start, end))
  },
)

/** Corrects every text that was decoded with a wrong encoding. */
const readableTexts: Fix = (text) => replaceStrings(text, (said) => misread(said)?.text ?? null)

const bareSpecials = inTexts((text) => (findSpecial(text)?.several ? text : withoutSpecials(text)))

/** In this order: a later fix may apply to the output of an earlier one. */
const fixes: readonly (readonly [RuleId, Fix])[] = [
  ['mojibake', readableTexts],
  ['null-keys', withoutNullKeys],
  ['unknown-key', unknownKeys],
  ['preference-keys', pairLists],
  ['bad-role', knownRole],
  ['bad-shape', usualCalls],
  ['content-parts', usualParts],
  ['legacy-functions', asToolCalls],
  ['weight-not-0-1', numericWeight],
  ['weight-on-non-assistant', noOthersWeight],
  ['system-not-first', systemFirst],
  ['tool-result-without-call', sharedIds],
  ['reasoning', reasoningChosen],
  ['two-answers-in-a-row', asPair],
  ['turns-not-alternating', joined],
  ['control-characters', inTexts((text) => withSigns(withBackslashes(text)))],
  ['invisible-characters', inTexts(withoutUnseen)],
  ['special-token', bareSpecials],
  ['html-in-text', inTexts(withoutHtml)],
  ['trailing-space', noOuterSpace],
]

/** Formats recognized by their keys. Other keys stay in the line. */
const shapes: readonly { keys: readonly string[]; owns: readonly string[]; mapping: Mapping }[] = [
  { keys: ['conversations'], owns: ['conversations', 'system'], mapping: { shape: 'sharegpt' } },
  {
    keys: ['instruction', 'output'],
    owns: ['instruction', 'input', 'output', 'history', 'system'],
    mapping: { shape: 'alpaca' },
  },
  { keys: ['prompt', 'completion'], owns: ['prompt', 'completion'], mapping: { shape: 'prompt-completion' } },
]

/** A record of another format as messages; null if the format is unknown or the conversion is ambiguous. */
function withMessages(text: string, value: LooseObject): string | null {
  if ('messages' in value) return null
  const shape = shapes.find(({ keys }) => keys.every((key) => key in value))
  const made = shape ? convert(value, shape.mapping) : null
  if (!shape || !made || !('line' in made)) return null
  if (Object.keys(value).every((key) => shape.owns.includes(key))) return made.line
  const { messages } = JSON.parse(made.line) as LooseObject
  return setKey(withoutKeys(text, shape.owns), 'messages', messages)
}

/** The rules with a fix inside one record. */
export const recordRules: readonly RuleId[] = ['no-messages', ...fixes.map(([rule]) => rule)]

const opened = (text: string) => openLine(withoutNulls(JSON.parse(text)) as LooseObject)

/**
 * A record's text with the fixes of the wanted rules, and the rules that changed it.
 * @param how the chosen fix if a rule has several, see `fixOf`
 */
export function fixRecord(
  text: string,
  value: LooseObject,
  wanted: ReadonlySet<RuleId>,
  how: string | null = null,
): { text: string; rules: RuleId[] } {
  let [fixed, line] = [text, openLine(value)]
  const rules: RuleId[] = []
  const take = (rule: RuleId, next: string | null) => {
    if (next === null || next === fixed) return
    rules.push(rule)
    fixed = next
    line = opened(fixed)
  }
  if ('rule' in line && wanted.has('no-messages')) take('no-messages', withMessages(text, value))
  for (const [rule, fix] of fixes)
    if (wanted.has(rule) && !('rule' in line)) take(rule, fix(fixed, line, how))
  return { text: fixed, rules }
}
