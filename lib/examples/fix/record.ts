import { readTurns, setAt, setKey, type TurnList, writeTurns } from '../edit.ts'
import { convert, readWeight } from '../formats/convert.ts'
import type { Mapping } from '../formats/plan.ts'
import type { RuleId } from '../issue.ts'
import { misread } from '../mojibake.ts'
import { openLine } from '../rules/opening.ts'
import {
  isAssistant,
  isInstruction,
  isRecord,
  type LooseLine,
  type LooseMessage,
  type LooseObject,
} from '../rules/rule.ts'
import { exampleKeys, inputKeys, messageKeys, preferenceKeys } from '../schema.ts'
import { replaceKey, replaceStrings } from './text.ts'

/** Mends one rule's fault in a record; gives the same text back where there is none, or none that is certain. */
type Repair = (text: string, line: LooseLine) => string

/** The text with the turns of each list changed in which there is something to change. */
const eachList =
  (
    needs: (messages: readonly LooseMessage[]) => boolean,
    change: (turns: string[], messages: readonly LooseMessage[]) => string[],
  ): Repair =>
  (text, line) =>
    line.conversations
      .filter(({ messages }) => needs(messages))
      .reduce((mended, { path, messages }) => {
        const where = path.join('.') as TurnList
        const turns = readTurns(mended, where)
        return turns
          ? writeTurns(
              mended,
              change(
                turns.map(({ raw }) => raw),
                messages,
              ),
              where,
            )
          : mended
      }, text)

const eachTurn = (
  needs: (message: LooseMessage) => boolean,
  change: (turn: string, message: LooseMessage) => string,
): Repair =>
  eachList(
    (messages) => messages.some(needs),
    (turns, messages) =>
      turns.map((turn, index) => {
        const message = messages[index]
        return message && needs(message) ? change(turn, message) : turn
      }),
  )

const strangers = (object: LooseObject, known: ReadonlySet<string>): string[] =>
  Object.keys(object).filter((key) => !known.has(key))

const withoutKeys = (text: string, keys: readonly string[], parents: readonly string[] = []): string =>
  keys.reduce((rest, key) => setAt(rest, [...parents, key], undefined), text)

const knownTurnKeys = eachTurn(
  (message) => strangers(message, messageKeys).length > 0,
  (turn, message) => withoutKeys(turn, strangers(message, messageKeys)),
)

const knownKeys: Repair = (text, line) => {
  const { kind, value } = line
  const outer = withoutKeys(text, strangers(value, kind === 'chat' ? exampleKeys : preferenceKeys))
  const input = kind === 'preference' && isRecord(value.input) ? strangers(value.input, inputKeys) : []
  return knownTurnKeys(withoutKeys(outer, input, ['input']), line)
}

const numericWeight = eachTurn(
  ({ weight }) => weight !== 0 && weight !== 1 && readWeight(weight) !== null,
  (turn, { weight }) => setKey(turn, 'weight', readWeight(weight)),
)

/** Roles that are surely not an assistant's: a misspelt one may still be. */
const others: ReadonlySet<unknown> = new Set(['system', 'developer', 'user', 'tool', 'function'])

const noOthersWeight = eachTurn(
  ({ role, weight }) => weight !== undefined && others.has(role),
  (turn) => setKey(turn, 'weight', undefined),
)

/** One instruction that stands behind others. Where there are several, their order means something. */
const systemFirst = eachList(
  (messages) => messages.findIndex(isInstruction) > 0 && messages.filter(isInstruction).length === 1,
  (turns, messages) => {
    const at = messages.findIndex(isInstruction)
    return [...turns.slice(at, at + 1), ...turns.slice(0, at), ...turns.slice(at + 1)]
  },
)

/** A string's JSON without the space at its ends, however that is written; the rest keeps its escapes. */
function trimmedJson(literal: string, bothEnds: boolean): string {
  const signs = literal.slice(1, -1).match(/\\u[0-9a-fA-F]{4}|\\.|[^\\]/gsu) ?? []
  const says = (sign: string) => (JSON.parse(`"${sign}"`) as string).trim() !== ''
  const start = bothEnds ? signs.findIndex(says) : 0
  return `"${signs.slice(start, signs.findLastIndex(says) + 1).join('')}"`
}

const trimmed = (content: string, message: LooseMessage): string =>
  isAssistant(message) ? content.trim() : content.trimEnd()

const noOuterSpace = eachTurn(
  (message) => {
    const { content } = message
    return typeof content === 'string' && content.trim() !== '' && trimmed(content, message) !== content
  },
  (turn, message) => replaceKey(turn, 'content', (literal) => trimmedJson(literal, isAssistant(message))),
)

/** Every text as it was meant before it was decoded in a wrong encoding. */
const readableTexts: Repair = (text) => replaceStrings(text, (said) => misread(said)?.text ?? null)

/** In this order: what an earlier one writes, a later one may mend. */
const repairs: readonly (readonly [RuleId, Repair])[] = [
  ['mojibake', readableTexts],
  ['unknown-key', knownKeys],
  ['weight-not-0-1', numericWeight],
  ['weight-on-non-assistant', noOthersWeight],
  ['system-not-first', systemFirst],
  ['trailing-space', noOuterSpace],
]

/** Formats that say what they are by their keys. Keys of none of them stay in the line. */
const shapes: readonly { keys: readonly string[]; owns: readonly string[]; mapping: Mapping }[] = [
  { keys: ['conversations'], owns: ['conversations', 'system'], mapping: { shape: 'sharegpt' } },
  {
    keys: ['instruction', 'output'],
    owns: ['instruction', 'input', 'output', 'history', 'system'],
    mapping: { shape: 'alpaca' },
  },
  { keys: ['prompt', 'completion'], owns: ['prompt', 'completion'], mapping: { shape: 'prompt-completion' } },
]

/** A record of another format as messages; null when it is of none, or cannot be for certain. */
function withMessages(text: string, value: LooseObject): string | null {
  if ('messages' in value) return null
  const shape = shapes.find(({ keys }) => keys.every((key) => key in value))
  const made = shape ? convert(value, shape.mapping) : null
  if (!shape || !made || !('line' in made)) return null
  if (Object.keys(value).every((key) => shape.owns.includes(key))) return made.line
  const { messages } = JSON.parse(made.line) as LooseObject
  return setKey(withoutKeys(text, shape.owns), 'messages', messages)
}

/** The rules whose faults lie inside one record. */
export const recordRules: readonly RuleId[] = ['no-messages', ...repairs.map(([rule]) => rule)]

/** A record's text with the faults of the wanted rules mended, and the rules that had something to mend. */
export function repairRecord(
  text: string,
  value: LooseObject,
  wanted: ReadonlySet<RuleId>,
): { text: string; rules: RuleId[] } {
  let [mended, line] = [text, openLine(value)]
  const rules: RuleId[] = []
  const take = (rule: RuleId, next: string | null) => {
    if (next === null || next === mended) return
    rules.push(rule)
    mended = next
    line = openLine(JSON.parse(mended) as LooseObject)
  }
  if ('rule' in line && wanted.has('no-messages')) take('no-messages', withMessages(text, value))
  for (const [rule, repair] of repairs)
    if (wanted.has(rule) && !('rule' in line)) take(rule, repair(mended, line))
  return { text: mended, rules }
}
