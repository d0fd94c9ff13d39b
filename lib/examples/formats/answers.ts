import { written } from '../edit.ts'
import { isRecord, kindOf } from '../rules/rule.ts'
import { spokenTurns, talkIn } from './chats.ts'
import { type Fields, isEmpty, type Named, Refusal, type Turn, unpacked } from './fields.ts'
import { type Format, has, isObjectList, type Line, plain, share } from './format.ts'
import { keyMeaning, type Meaning, meaningOf } from './headings.ts'
import { marksIn, readMarked } from './marked-text.ts'
import type { MappingOf } from './plan.ts'
import { asWeight, messagesOf, speakerOf, systemTurns, takeSystem, takeTools, turn, WHO } from './turns.ts'
import { toAlpaca, toTable, toTrl } from './write.ts'

/** Formats whose records are a question and an answer, or two answers. */

const isTurns = (value: unknown): value is Named[] =>
  isObjectList(value) && value.every((one) => WHO.some((key) => key in one))

/** A cell that holds what `role` says, or a list of messages that says it. */
function turnsOf(fields: Fields, column: string, role: string): readonly Turn[] {
  const value = unpacked(fields.peek(column))
  if (isTurns(value)) return messagesOf(fields.fieldsOf(column, value))
  if (isRecord(value) && WHO.some((key) => key in value)) return messagesOf(fields.fieldsOf(column, [value]))
  return [turn(role, fields.text(column))]
}

/** What the old models wanted behind every prompt and every completion. */
const PROMPT_ENDS = ['\n\n###\n\n', '\n\n###', '\n###\n', ' ->', '\n->', '->']
const COMPLETION_ENDS = [' END', '\nEND', ' ###', '\n###', '###']

function withoutEnd(text: string, ends: readonly string[]): string {
  const end = ends.find((one) => text.endsWith(one))
  return end === undefined ? text : text.slice(0, -end.length)
}

function legacyPrompt(fields: Fields, text: string): string {
  const bare = withoutEnd(text, PROMPT_ENDS)
  if (bare !== text) fields.note('prompt-separator')
  return bare
}

function legacyCompletion(fields: Fields, text: string): string {
  const begun = text.startsWith(' ') && text.trim() !== '' ? text.slice(1) : text
  if (begun !== text) fields.note('completion-space')
  const bare = withoutEnd(begun, COMPLETION_ENDS)
  if (bare !== begun) fields.note('completion-end')
  return bare
}

function legacy(
  turns: readonly Turn[],
  fields: Fields,
  clean: typeof legacyPrompt,
  column: string,
): readonly Turn[] {
  const [only] = turns
  if (typeof fields.peek(column) !== 'string' || turns.length !== 1 || typeof only?.content !== 'string')
    return turns
  return [{ ...only, content: clean(fields, only.content) }]
}

export const promptCompletion: Format<'prompt-completion'> = {
  score: (records) => share(records, has('prompt', 'completion')),
  mapping: plain('prompt-completion'),
  read: (fields) => {
    const asked = legacy(turnsOf(fields, 'prompt', 'user'), fields, legacyPrompt, 'prompt')
    const answered = legacy(
      turnsOf(fields, 'completion', 'assistant'),
      fields,
      legacyCompletion,
      'completion',
    )
    const said = weighted(answered, fields, 'weight')
    return [{ messages: [...takeSystem(fields), ...asked, ...said], ...takeTools(fields) }]
  },
}

function historyOf(fields: Fields): Turn[] {
  const history = unpacked(fields.take('history'))
  if (isEmpty(history)) return []
  if (!Array.isArray(history)) throw new Refusal('not-text', { column: 'history', kind: kindOf(history) })
  return history.flatMap((pair: unknown, index) => {
    const [asked, answered] = Array.isArray(pair) ? (pair as unknown[]) : []
    if (typeof asked !== 'string' || typeof answered !== 'string')
      throw new Refusal('bad-turn', { turn: index + 1 })
    return [turn('user', asked), turn('assistant', answered)]
  })
}

/** What an Alpaca record asks: its instruction, and its input behind an empty line. */
function alpacaPrompt(fields: Fields): Turn[] {
  const input = fields.optional('input')
  const instruction = fields.text('instruction')
  if (input.trim() !== '') fields.note('input-joined')
  const asked = input.trim() === '' ? instruction : `${instruction}\n\n${input}`
  return [...takeSystem(fields), ...historyOf(fields), turn('user', asked)]
}

export const alpaca: Format<'alpaca'> = {
  write: toAlpaca,
  score: (records) => share(records, has('instruction', 'output')),
  mapping: plain('alpaca'),
  read: (fields) => [{ messages: [...alpacaPrompt(fields), turn('assistant', fields.text('output'))] }],
}

/** How many turns two conversations have in common before they part. */
function shared(one: readonly Turn[], other: readonly Turn[]): number {
  const parted = one.findIndex((said, index) => written(said) !== written(other[index] ?? null))
  return parted === -1 ? one.length : parted
}

/** One answer of a pair: text, a turn, a whole conversation, or one in a text with marks. */
function answerOf(fields: Fields, column: string): readonly Turn[] {
  const value = fields.peek(column)
  const marks = typeof value === 'string' ? marksIn(value) : null
  return marks ? readMarked(fields.text(column)) : turnsOf(fields, column, 'assistant')
}

const PROMPTS = ['prompt', 'question', 'instruction', 'query', 'input'] as const

/** Turns that an answer is still to follow. */
const asks = (value: unknown): boolean => isTurns(value) && speakerOf(value.at(-1)?.role) !== 'assistant'

function promptOf(fields: Fields): readonly Turn[] {
  if (talkIn(fields.record) !== undefined) return spokenTurns(fields)
  const system = takeSystem(fields)
  if (asks(unpacked(fields.peek('messages')))) return [...system, ...turnsOf(fields, 'messages', 'user')]
  if (fields.has('instruction')) return alpacaPrompt(fields)
  const column = PROMPTS.find((key) => fields.has(key))
  return column === undefined ? system : [...system, ...turnsOf(fields, column, 'user')]
}

/** A pair whose answers hold what was asked: their common beginning. A prompt beside them is used once. */
function pairOf(
  fields: Fields,
  better: readonly Turn[],
  worse: readonly Turn[],
  prompt: () => readonly Turn[],
): Line {
  const common = shared(better, worse)
  if (common === better.length && common === worse.length) throw new Refusal('same-answers')
  const inside = better.slice(0, common)
  const beside = prompt()
  const asked = common === 0 ? beside : joined(beside, inside)
  if (asked.length === 0) throw new Refusal('missing-column', { column: 'prompt' })
  const { tools } = takeTools(fields)
  return {
    input: { messages: asked, ...(tools ? { tools } : {}) },
    preferred_output: better.slice(common),
    non_preferred_output: worse.slice(common),
  }
}

const contents = (turns: readonly Turn[]) => turns.map(({ content }) => written(content))

/** Two tellings of one prompt; what only the one beside says, such as a system prompt, stands first. */
function joined(beside: readonly Turn[], inside: readonly Turn[]): readonly Turn[] {
  const known = new Set(contents(inside))
  return [...beside.filter(({ content }) => !known.has(written(content))), ...inside]
}

export const preference: Format<'preference'> = {
  write: toTrl,
  score: (records) => share(records, has('chosen', 'rejected')),
  mapping: plain('preference'),
  read: (fields) => {
    const [better, worse] = [answerOf(fields, 'chosen'), answerOf(fields, 'rejected')]
    return [pairOf(fields, better, worse, () => promptOf(fields))]
  },
}

type Columns = MappingOf<'columns'>

function weighted(turns: readonly Turn[], fields: Fields, column: string | null): readonly Turn[] {
  const value = column === null ? undefined : fields.take(column)
  const last = turns.at(-1)
  if (!last || column === null || value === undefined || value === null || value === '') return turns
  return [...turns.slice(0, -1), { ...last, weight: asWeight(value, column) }]
}

const named = (column: string | null): string => {
  if (column === null) throw new Refusal('unmapped')
  return column
}

function fromColumns(fields: Fields, columns: Columns): Line {
  const system = systemTurns(fields.optional(columns.system) || (columns.systemText ?? ''))
  const asked = () => turnsOf(fields, named(columns.user), 'user')
  const answer = turnsOf(fields, named(columns.assistant), 'assistant')
  if (columns.rejected === null)
    return { messages: [...system, ...asked(), ...weighted(answer, fields, columns.weight)] }
  const worse = turnsOf(fields, columns.rejected, 'assistant')
  // Where both columns hold whole conversations, their common beginning is what was asked.
  const inside = shared(answer, worse) > 0
  return pairOf(fields, answer, worse, () => [...system, ...(inside ? [] : asked())])
}

/** The columns whose names say what they are; the others stay open. */
export function columnsNamed(columns: readonly string[]): Columns {
  const find = (meaning: Meaning) => keyMeaning(meaning, columns)
  return {
    shape: 'columns',
    system: find('system'),
    systemText: null,
    user: find('question'),
    assistant: find('answer'),
    rejected: find('rejected'),
    weight: find('weight'),
  }
}

const keysOf = (records: readonly Named[]): string[] => [...new Set(records.flatMap(Object.keys))]

export const columns: Format<'columns'> = {
  write: toTable,
  score: (records) => {
    const { user, assistant } = columnsNamed(keysOf(records))
    return user === null || assistant === null ? 0 : share(records, has(user, assistant))
  },
  mapping: (records) => columnsNamed(keysOf(records)),
  read: (fields, mapping) => [fromColumns(fields, mapping)],
}

const foreign: readonly [MappingOf<'foreign'>['kind'], (record: Named) => boolean][] = [
  ['steps', has('prompt', 'completions', 'labels')],
  [
    'retrieval',
    (record) =>
      has('query', 'pos')(record) ||
      has('anchor', 'positive')(record) ||
      has('sentence1', 'sentence2')(record),
  ],
  ['tagged', (record) => has('tokens')(record) && Object.keys(record).some((key) => key.endsWith('tags'))],
  [
    'plain-text',
    ({ text, ...rest }) =>
      typeof text === 'string' &&
      Object.keys(rest).every((key) => meaningOf(key) === 'id' || /^(source|url|meta|title|date)/.test(key)),
  ],
]

const kindIn = (record: Named) => foreign.find(([, looks]) => looks(record))?.[0]

/** What is known by sight and holds no question with its answer. */
export const foreignRecords: Format<'foreign'> = {
  score: (records) => share(records, (record) => kindIn(record) !== undefined),
  mapping: ([first = {}]) => ({ shape: 'foreign', kind: kindIn(first) ?? 'plain-text' }),
  read: (_, { kind }) => {
    throw new Refusal(`foreign-${kind}`)
  },
}
