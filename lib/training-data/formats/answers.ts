import { written } from '../edit.ts'
import { asInteger, isRawNumber, numberOf } from '../exact.ts'
import { isRecord } from '../is-record.ts'
import { kindOf } from '../rules/rule.ts'
import { spokenTurns, talkIn } from './chats.ts'
import { type Fields, isEmpty, type Named, Refusal, type Turn, unpacked } from './fields.ts'
import { type Format, has, isObjectList, type Line, plain, share } from './format.ts'
import { keyMeaning, type Meaning, meaningOf } from './headings.ts'
import { marksIn, readMarked } from './marked-text.ts'
import type { MappingOf } from './plan.ts'
import {
  asWeight,
  callOf,
  messagesOf,
  SPEAKER_KEYS,
  speakerOf,
  systemTurns,
  takeSystem,
  takeTools,
  turn,
} from './turns.ts'
import { toAlpaca, toTable, toTrl } from './write.ts'

/** Formats whose records are a question with an answer, or with two answers. */

const isTurns = (value: unknown): value is Named[] =>
  isObjectList(value) && value.every((one) => SPEAKER_KEYS.some((key) => key in one))

/** Whether a value is a server's response: `{"choices": [{"message": …}]}`. */
const isResponse = (value: unknown): boolean =>
  isRecord(value) && isObjectList(value.choices) && value.choices.some(({ message }) => isRecord(message))

/** The message in a server's response; its other fields stay untaken. */
function responseIn(fields: Fields, column: string): readonly Turn[] {
  const [choice] = fields.within(column)?.each('choices') ?? []
  const message = choice?.within('message')
  return message ? messagesOf([message]) : []
}

const isCall = (value: Named): boolean => typeof value.name === 'string' && isRecord(value.arguments)

/** A list of calls as an assistant message. */
function calling(fields: Fields, calls: readonly Named[]): Turn {
  fields.note('made-ids')
  const named = calls.map(({ name, arguments: given }, index) => callOf(`call_${index + 1}`, name, given))
  return { role: 'assistant', tool_calls: named }
}

/** Several texts that answer one question, as a list or in SQuAD's form. */
function textsIn(value: unknown): string[] | null {
  const list = isRecord(value) ? value.text : isObjectList(value) ? value.map(({ text }) => text) : value
  return Array.isArray(list) && list.every((text) => typeof text === 'string') ? (list as string[]) : null
}

/** The first of several answers. The field stays untaken, so that the others are reported as left out. */
function firstOf(fields: Fields, column: string, texts: readonly string[]): string {
  const said = texts.find((text) => text.trim() !== '')
  if (said === undefined) throw new Refusal('empty-cell', { column })
  if (new Set(texts).size > 1) fields.note('several-answers')
  else fields.take(column)
  return said
}

/** An answer that is not text: calls, a server's response, or several texts; null for any other value. */
function otherAnswer(fields: Fields, column: string, value: unknown): Turn | null {
  if (isObjectList(value) && value.every(isCall)) {
    fields.take(column)
    return calling(fields, value)
  }
  if (isResponse(value)) return responseIn(fields, column)[0] ?? null
  const texts = textsIn(value)
  return texts && turn('assistant', firstOf(fields, column, texts))
}

/** A cell with the text of `role`, or with a list of messages. */
function turnsOf(fields: Fields, column: string, role: string): readonly Turn[] {
  const value = unpacked(fields.peek(column))
  if (isRecord(value) && isTurns(value.messages))
    return messagesOf(fields.within(column)?.each('messages') ?? [])
  if (isTurns(value)) return messagesOf(fields.fieldsOf(column, value))
  if (isRecord(value) && SPEAKER_KEYS.some((key) => key in value))
    return messagesOf(fields.fieldsOf(column, [value]))
  const other = role === 'assistant' ? otherAnswer(fields, column, value) : null
  return [other ?? turn(role, fields.text(column))]
}

/** Ends that legacy models needed after every prompt and completion. */
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

const HISTORIES = ['history', 'chat_history'] as const

/** Earlier turns beside a question, as pairs or as turns; text under such a key may be anything. */
function earlier(fields: Fields): readonly Turn[] {
  const key = HISTORIES.find((one) => Array.isArray(unpacked(fields.peek(one))))
  if (key === undefined) return []
  const value = unpacked(fields.peek(key))
  return isTurns(value) ? messagesOf(fields.fieldsOf(key, value)) : historyOf(fields, key)
}

function historyOf(fields: Fields, key = 'history'): Turn[] {
  const history = unpacked(fields.take(key))
  if (isEmpty(history)) return []
  if (!Array.isArray(history)) throw new Refusal('not-text', { column: key, kind: kindOf(history) })
  return history.flatMap((pair: unknown, index) => {
    const [asked, answered] = Array.isArray(pair) ? (pair as unknown[]) : []
    if (typeof asked !== 'string' || typeof answered !== 'string')
      throw new Refusal('bad-turn', { turn: index + 1 })
    return [turn('user', asked), turn('assistant', answered)]
  })
}

/** The prompt of an Alpaca record: its instruction, and its input after an empty line. */
function alpacaPrompt(fields: Fields): Turn[] {
  const input = fields.optional('input')
  const instruction = fields.text('instruction')
  if (input.trim() !== '') fields.note('input-joined')
  const asked = input.trim() === '' ? instruction : `${instruction}\n\n${input}`
  return [...takeSystem(fields), ...historyOf(fields), turn('user', asked)]
}

const OUTPUTS = ['response', 'completion', 'answer'] as const

/** The field with the answer of an Alpaca record; other names than `output` only beside an `input`. */
const outputIn = (record: Named): string | undefined =>
  has('instruction', 'output')(record)
    ? 'output'
    : has('instruction', 'input')(record)
      ? OUTPUTS.find((key) => key in record)
      : undefined

export const alpaca: Format<'alpaca'> = {
  write: toAlpaca,
  score: (records) => share(records, (record) => outputIn(record) !== undefined),
  mapping: plain('alpaca'),
  read: (fields) => {
    const output = outputIn(fields.record) ?? 'output'
    return [{ messages: [...alpacaPrompt(fields), turn('assistant', fields.text(output))] }]
  },
}

/** Number of common turns at the start of two conversations. */
function shared(one: readonly Turn[], other: readonly Turn[]): number {
  const parted = one.findIndex((said, index) => written(said) !== written(other[index] ?? null))
  return parted === -1 ? one.length : parted
}

const CANDIDATES = ['responses', 'completions', 'answers', 'outputs', 'candidates', 'options'] as const

/** The answer at an index of the list of candidates. */
function candidate(fields: Fields, column: string, index: number): string {
  const key = CANDIDATES.find((one) => Array.isArray(fields.peek(one)))
  const said = key === undefined ? undefined : (fields.take(key) as unknown[])[index]
  if (typeof said !== 'string') throw new Refusal('not-text', { column, kind: 'number' })
  fields.take(column)
  return said
}

/** One answer of a pair: text, a turn, a conversation, or a marked text. */
function answerOf(fields: Fields, column: string): readonly Turn[] {
  const value = asInteger(fields.peek(column))
  if (typeof value === 'number') return [turn('assistant', candidate(fields, column, value))]
  const marks = typeof value === 'string' ? marksIn(value) : null
  return marks ? readMarked(fields.text(column)) : turnsOf(fields, column, 'assistant')
}

const PROMPTS = ['prompt', 'question', 'instruction', 'query', 'input', 'context', 'history', 'post'] as const

/** Whether turns end without an answer. */
const asks = (value: unknown): boolean => isTurns(value) && speakerOf(value.at(-1)?.role) !== 'assistant'

function promptOf(fields: Fields): readonly Turn[] {
  if (talkIn(fields.record) !== undefined) return spokenTurns(fields)
  const system = takeSystem(fields)
  if (asks(unpacked(fields.peek('messages')))) return [...system, ...turnsOf(fields, 'messages', 'user')]
  if (fields.has('instruction')) return alpacaPrompt(fields)
  const column = PROMPTS.find((key) => fields.has(key))
  return column === undefined ? system : [...system, ...turnsOf(fields, column, 'user')]
}

/** A pair whose answers begin with the prompt: their common turns. A prompt beside them is not repeated. */
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

/** Merges two versions of one prompt; turns only in the one beside, such as a system prompt, come first. */
function joined(beside: readonly Turn[], inside: readonly Turn[]): readonly Turn[] {
  const known = new Set(contents(inside))
  return [...beside.filter(({ content }) => !known.has(written(content))), ...inside]
}

const DECISIONS =
  /^(?:winner|preferred|preference|choice|chosen|better|best|selected|vote|labels?|human[_ -]preference|overall_preference|preference_strength)$/i
/** Columns with a signed number: below 0, the first answer is better; above 0, the second. */
const SIGNED = /^(?:overall_preference|preference_strength)$/i
const RIVAL =
  /^(?:response|answer|completion|output|conversation|reply|text|candidate|option|generation|summary|assistant|human[_ -]ref)[_ -]?([ab12])$/i
const TIE = /^(?:tie|both|neither|equal|none|draw|same)\b/i

/** Two answers side by side, and the field that says which is better. */
interface Rivals {
  /** Columns by the letter or number at the end of their names. */
  sides: ReadonlyMap<string, string>
  decision: string
}

/** A numeric label may count from 0 or from 1, or mean something else: it is not a decision. */
const decides = (key: string, value: unknown, record: Named): boolean =>
  typeof value !== 'object' && (isReddit(record) || !(/^labels?$/i.test(key) && /^\d+$/.test(String(value))))

/** Stanford's preferences from Reddit are known: 1 is the first answer, 0 the second. */
const isReddit = has('human_ref_A', 'human_ref_B', 'labels')

function rivalsIn(record: Named): Rivals | null {
  const keys = Object.keys(record)
  const decision = keys.find((key) => DECISIONS.test(key) && decides(key, record[key], record))
  const sides = new Map(keys.flatMap((key) => sideOf(key)))
  if (decision === undefined || sides.size !== 2) return null
  return (sides.has('a') && sides.has('b')) || (sides.has('1') && sides.has('2')) ? { sides, decision } : null
}

const sideOf = (key: string): [string, string][] => {
  const side = RIVAL.exec(key)?.[1]?.toLowerCase()
  return side === undefined ? [] : [[side, key]]
}

/** The decision's value; numbers of known meaning become the end of a column's name. */
function sideSaid(fields: Fields, decision: string): string {
  const value = fields.take(decision)
  const number = numberOf(value)
  if (SIGNED.test(decision) && !Number.isNaN(number)) return number === 0 ? 'tie' : number < 0 ? '1' : '2'
  if (isReddit(fields.record) && decision === 'labels') return number === 1 ? 'a' : 'b'
  return String(value).trim()
}

/** Which of two answers is better, by its letter, number or text. */
function decided(fields: Fields, { sides, decision }: Rivals): { chosen: string; rejected: string } {
  const said = sideSaid(fields, decision)
  if (TIE.test(said)) throw new Refusal('same-answers')
  const side = said.toLowerCase().split(/[_ -]/).at(-1) ?? ''
  const chosen = sides.get(side) ?? [...sides.values()].find((key) => fields.peek(key) === said)
  const rejected = [...sides.values()].find((key) => key !== chosen)
  if (chosen === undefined || rejected === undefined) throw new Refusal('bad-label', { column: decision })
  return { chosen, rejected }
}

export const preference: Format<'preference'> = {
  write: toTrl,
  score: (records) =>
    share(records, (record) => has('chosen', 'rejected')(record) || rivalsIn(record) !== null),
  mapping: plain('preference'),
  read: (fields) => {
    const rivals = has('chosen', 'rejected')(fields.record) ? null : rivalsIn(fields.record)
    const { chosen, rejected } = rivals ? decided(fields, rivals) : { chosen: 'chosen', rejected: 'rejected' }
    const [better, worse] = [answerOf(fields, chosen), answerOf(fields, rejected)]
    return [pairOf(fields, better, worse, () => promptOf(fields))]
  },
}

const JUDGED = ['response', 'answer', 'text', 'content', 'completion', 'output'] as const
const SCORES = [
  'overall_score',
  'fine-grained_score',
  'score',
  'pm_score',
  'rating',
  'reward',
  'overall_rating',
] as const

const SCORE_LISTS = ['scores', 'ratings', 'rewards', 'ranks'] as const
const isScores = (value: unknown, answers: unknown): boolean =>
  Array.isArray(value) && Array.isArray(answers) && value.length === answers.length && value.every(isFigure)
const isFigure = (value: unknown): boolean => typeof value === 'number' || isRawNumber(value)

/** Each answer with its score, higher is better. */
function judgedIn(fields: Fields, key: string, score: string): { said: string; worth: number }[] {
  const answers = fields.peek(key) as unknown[]
  // Rank 1 is the best.
  const sign = /^ranks?$/.test(score) ? -1 : 1
  const scores = fields.peek(score)
  if (Array.isArray(scores)) {
    fields.take(score)
    return answers.map((said, at) => ({ said: String(said), worth: numberOf(scores[at]) * sign }))
  }
  return (answers as Named[]).map((one) => ({
    said: JUDGED.map((name) => one[name]).find((text) => typeof text === 'string') ?? '',
    worth: numberOf(one[score] ?? Number.NaN) * sign,
  }))
}

/** The fields with the answers and their scores; null if there are none. */
function rankedIn(record: Named): { key: string; score: string } | null {
  const listed = CANDIDATES.find((one) => (textsIn(record[one])?.length ?? 0) > 1)
  const scores = SCORE_LISTS.find((one) => isScores(record[one], listed === undefined ? [] : record[listed]))
  if (listed !== undefined && scores !== undefined) return { key: listed, score: scores }
  const key = CANDIDATES.find((one) => isObjectList(record[one]))
  const [first] = key === undefined ? [] : (record[key] as Named[])
  if (key === undefined || !first || !JUDGED.some((name) => typeof first[name] === 'string')) return null
  const score = [...SCORES, 'rank'].find((name) => !Number.isNaN(numberOf(first[name] ?? Number.NaN)))
  return score === undefined ? null : { key, score }
}

/** The best and the worst of several answers. The list stays untaken if there are more answers. */
function readRanked(fields: Fields): Line[] {
  const ranked = rankedIn(fields.record)
  if (!ranked) throw new Refusal('no-score')
  const { key, score } = ranked
  const all = judgedIn(fields, key, score)
  if (all.some(({ worth }) => Number.isNaN(worth))) throw new Refusal('no-score')
  const sorted = all.toSorted((one, next) => next.worth - one.worth)
  const [best, worst] = [sorted[0], sorted.at(-1)]
  if (!best || !worst || best.worth === worst.worth) throw new Refusal('same-scores')
  if (all.length > 2) fields.note('best-and-worst')
  else fields.take(key)
  const answer = ({ said }: typeof best) => [turn('assistant', said)]
  return [pairOf(fields, answer(best), answer(worst), () => promptOf(fields))]
}

export const ranked: Format<'ranked'> = {
  score: (records) =>
    share(records, (record) => rankedIn(record) !== null && PROMPTS.some((key) => key in record)),
  mapping: plain('ranked'),
  read: readRanked,
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

const LETTERS = ['A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'I', 'J']
const CHOICES = ['choices', 'options'] as const

/** Takes the choices of a question, from a list or from lettered columns. */
function takeChoices(fields: Fields): readonly string[] {
  const key = CHOICES.find((one) => (textsIn(unpacked(fields.peek(one)))?.length ?? 0) > 1)
  if (key !== undefined) return textsIn(unpacked(fields.take(key))) ?? []
  const columns = LETTERS.filter((letter) => fields.has(letter))
  if (columns.length < 2 || columns.some((letter, index) => letter !== LETTERS[index])) return []
  return columns.map((letter) => fields.text(letter))
}

/** The choice that an answer names by letter or index; a JSON number counts from 0, digits in text are ambiguous. */
function chosenOf(value: unknown, choices: readonly string[]): string | null {
  const index = typeof value === 'number' ? value : LETTERS.indexOf(String(value).trim().toUpperCase())
  const text = choices[index]
  return text === undefined ? null : `${LETTERS[index]}. ${text}`
}

/** A question followed by its choices, and the right one as the answer. */
function withChoices(
  fields: Fields,
  asked: readonly Turn[],
  answer: readonly Turn[],
  column: string | null,
): readonly Turn[][] {
  const [question, said] = [asked.at(-1), answer.at(-1)]
  const choices = typeof question?.content === 'string' && said ? takeChoices(fields) : []
  if (choices.length === 0 || !question || !said) return [[...asked], [...answer]]
  fields.note('choices-joined')
  const listed = choices.map((text, index) => `${LETTERS[index]}. ${text}`).join('\n')
  const chosen = chosenOf(asInteger(fields.peek(column ?? '')), choices)
  return [
    [...asked.slice(0, -1), { ...question, content: `${String(question.content)}\n\n${listed}` }],
    chosen === null ? [...answer] : [{ ...said, content: chosen }],
  ]
}

function fromColumns(fields: Fields, columns: Columns): Line {
  const system = systemTurns(fields.optional(columns.system) || (columns.systemText ?? ''))
  const asked = () => [...earlier(fields), ...turnsOf(fields, named(columns.user), 'user')]
  const answer = turnsOf(fields, named(columns.assistant), 'assistant')
  if (columns.rejected === null) {
    const [question = [], said = []] = withChoices(fields, asked(), answer, columns.assistant)
    return {
      messages: [...system, ...question, ...weighted(said, fields, columns.weight)],
      ...toolsBeside(fields),
    }
  }
  const worse = turnsOf(fields, columns.rejected, 'assistant')
  // If both columns have whole conversations, their common turns are the prompt.
  const inside = shared(answer, worse) > 0
  return pairOf(fields, answer, worse, () => [...system, ...(inside ? [] : asked())])
}

/** The record's tools; a list of anything else in that field stays untaken. */
const toolsBeside = (fields: Fields): Named => {
  const tools = unpacked(fields.peek('tools'))
  return isObjectList(tools) && tools.every((tool) => 'name' in tool || 'function' in tool)
    ? takeTools(fields)
    : {}
}

/** The first column with this name, in any case. */
const spelled = (columns: readonly string[], name: string): string | null =>
  columns.find((column) => column.trim().toLowerCase() === name) ?? null

/** The columns recognized by name; the user chooses the others. */
export function columnsNamed(columns: readonly string[]): Columns {
  const find = (meaning: Meaning) => keyMeaning(meaning, columns)
  const [q, a] = [spelled(columns, 'q'), spelled(columns, 'a')]
  const short = q && a ? { q, a } : { q: null, a: null }
  return {
    shape: 'columns',
    system: find('system'),
    systemText: null,
    user: find('question') ?? short.q ?? spelled(columns, 'messages'),
    assistant: (find('rejected') && find('chosen')) ?? find('answer') ?? short.a,
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
  ['chat-archive', ({ chats }) => isRecord(chats) && isObjectList(chats.list)],
  ['intents', has('patterns', 'responses')],
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

/** Known kinds of records without a question and its answer. */
export const foreignRecords: Format<'foreign'> = {
  score: (records) => share(records, (record) => kindIn(record) !== undefined),
  mapping: ([first = {}]) => ({ shape: 'foreign', kind: kindIn(first) ?? 'plain-text' }),
  read: (_, { kind }) => {
    throw new Refusal(`foreign-${kind}`)
  },
}
