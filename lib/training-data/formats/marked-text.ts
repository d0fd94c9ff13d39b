import { type Fields, isEmpty, type Named, Refusal, type Turn } from './fields.ts'
import { type Format, isObjectList, share } from './format.ts'
import { meaningOf } from './headings.ts'
import { speakerOf, takeSystem, turn } from './turns.ts'

/** A conversation in one text, with the markers of a chat template. */

interface Marks {
  /** Begins a turn; its first group is the role. */
  open: RegExp
  /** Markers at a turn's end, which are not part of its text. */
  close: readonly string[]
  /** Role names of this template. */
  roles?: Readonly<Record<string, string>>
}

const families: readonly Marks[] = [
  { open: /<\|im_start\|>(\w+)\n?/g, close: ['<|im_end|>', '<|endoftext|>'] },
  {
    open: /<\|start_header_id\|>(\w+)<\|end_header_id\|>\n*/g,
    close: ['<|eot_id|>', '<|eom_id|>', '<|end_of_text|>'],
  },
  { open: /<\|header_start\|>(\w+)<\|header_end\|>\n*/g, close: ['<|eot|>', '<|eom|>', '<|end_of_text|>'] },
  {
    // The channel says whether it is the answer or reasoning.
    open: /<\|start\|>(\w+(?:<\|channel\|>\w+)?)[^<\n]{0,200}<\|message\|>/g,
    close: ['<|end|>', '<|return|>', '<|call|>'],
    roles: {
      'assistant<|channel|>final': 'assistant',
      'assistant<|channel|>analysis': 'thought',
    },
  },
  {
    open: /<｜(User|Assistant)｜>/g,
    close: ['<｜end▁of▁sentence｜>'],
  },
  { open: /<start_of_turn>(\w+)\n?/g, close: ['<end_of_turn>', '<eos>'] },
  { open: /<\|(system|user|assistant|prompter)\|>\n?/g, close: ['<|end|>', '<|endoftext|>', '</s>'] },
  {
    open: /^<(HUMAN|ASSISTANT|USER|BOT|SYSTEM|human|assistant|user|bot|system)>: ?/gm,
    close: ['</s>', '<|endoftext|>'],
  },
  {
    open: /\[(INST|\/INST)\]/g,
    close: ['</s>', '<s>'],
    roles: { INST: 'user', '/INST': 'assistant' },
  },
  {
    // Some data sets have no line break before them.
    open: /### ?(System|Human|User|Assistant|Instruction|Input|Response):[ \t]*\n?/g,
    close: ['</s>', '<|endoftext|>'],
    roles: { Instruction: 'user', Response: 'assistant' },
  },
  {
    open: /### ?(Question|Answer):[ \t]*\n?/g,
    close: ['</s>', '<|endoftext|>'],
    roles: { Question: 'user', Answer: 'assistant' },
  },
  {
    open: /^(System|Human|User|Assistant|USER|ASSISTANT|AI|Bot|FUNCTION RESPONSE): ?/gm,
    close: ['</s>', '<|endoftext|>'],
    roles: { 'FUNCTION RESPONSE': 'tool' },
  },
  // Vicuna writes its turns on one line.
  { open: /\b(USER|ASSISTANT): /g, close: ['</s>', '<|endoftext|>'] },
  {
    open: /^(Q|A|Question|Answer): ?/gm,
    close: ['</s>', '<|endoftext|>'],
    roles: { Q: 'user', A: 'assistant', Question: 'user', Answer: 'assistant' },
  },
]

const opens = ({ open }: Marks, text: string): RegExpExecArray[] => [...text.matchAll(open)]

/** The family of markers that begins two or more turns in this text; null when none does. */
export const marksIn = (text: string): Marks | null =>
  families.find((marks) => {
    const speakers = new Set(
      opens(marks, text).map(([, name = '']) => marks.roles?.[name] ?? speakerOf(name)),
    )
    return speakers.has('user') && speakers.has('assistant')
  }) ?? null

function withoutClose(text: string, { close }: Marks): string {
  let words = text.trim()
  for (let end: string | undefined = ''; end !== undefined; ) {
    end = close.find((one) => words.endsWith(one))
    if (end !== undefined) words = words.slice(0, -end.length).trimEnd()
  }
  return words
}

const BEGINNINGS = ['<|begin_of_text|>', '<｜begin▁of▁sentence｜>', '<bos>', '<s>', '<|endoftext|>']
const SYSTEM = ['<<SYS>>', '<</SYS>>'] as const

/** The turn of a marked text; in Llama 2 the first question contains the system prompt. */
function turnsIn(role: string, words: string): Turn[] {
  const [from, to] = SYSTEM.map((mark) => words.indexOf(mark)) as [number, number]
  if (role !== 'user' || from !== 0 || to === -1) return words === '' ? [] : [turn(role, words)]
  const system = words.slice(SYSTEM[0].length, to).trim()
  return [turn('system', system), turn('user', words.slice(to + SYSTEM[1].length).trim())]
}

/** Text before the first marker is the system prompt. */
function preamble(text: string): Turn[] {
  const words = BEGINNINGS.reduce((rest, mark) => rest.replace(mark, ''), text).trim()
  return words === '' ? [] : [turn('system', words)]
}

/** Adds a turn; an input under Alpaca's heading is appended to the instruction before it. */
function withInput(turns: Turn[], name: string, words: string, role: string): Turn[] {
  const last = turns.at(-1)
  if (name !== 'Input' || last?.role !== 'user') return [...turns, ...turnsIn(role, words)]
  return [...turns.slice(0, -1), turn('user', `${String(last.content)}\n\n${words}`)]
}

/**
 * The turns of a text with markers.
 * @throws Refusal without markers, or with an unknown role
 */
export function readMarked(text: string): Turn[] {
  const marks = marksIn(text)
  if (!marks) throw new Refusal('no-marks')
  const found = opens(marks, text)
  let turns = preamble(text.slice(0, found[0]?.index ?? 0))
  const thoughts: string[] = []
  for (const [index, match] of found.entries()) {
    const [whole, name = ''] = match
    const words = withoutClose(text.slice(match.index + whole.length, found[index + 1]?.index), marks)
    const role = marks.roles?.[name] ?? (name === 'Input' ? 'user' : speakerOf(name))
    if (role === null) throw new Refusal('unknown-speaker', { name, turn: index + 1 })
    if (role === 'thought') thoughts.push(words)
    else turns = withInput(turns, name, words, role === 'result' ? 'tool' : role)
    const last = turns.at(-1)
    if (role === 'assistant' && last && thoughts.length > 0)
      turns = [...turns.slice(0, -1), { ...last, reasoning_content: thoughts.splice(0).join('\n\n') }]
  }
  return turns
}

type Segment = Readonly<{ label: boolean; text: string }>
const isSegment = (one: Named): boolean => typeof one.label === 'boolean' && typeof one.text === 'string'
const segmentsIn = ({ segments }: Named): readonly Segment[] | null =>
  isObjectList(segments) && segments.every(isSegment) ? (segments as unknown as Segment[]) : null

/** Turns of segments without markers: trained segments are the assistant's. */
const spokenSegments = (segments: readonly Segment[]): Turn[] =>
  segments
    .filter(({ text }) => text.trim() !== '')
    .map(({ label, text }) => turn(label ? 'assistant' : 'user', text.trim()))

/** A text in segments with labels: an answer in an untrained segment gets weight 0. */
function readSegments(fields: Fields): Turn[] {
  const segments = segmentsIn(fields.record)
  if (!segments) throw new Refusal('bad-label', { column: 'segments' })
  fields.take('segments')
  const whole = segments.map(({ text }) => text).join('')
  if (!marksIn(whole)) return spokenSegments(segments)
  const learnt = segments.filter(({ label }) => label).map(({ text }) => text)
  return readMarked(whole).map((turn) => {
    const isTrained = learnt.some((text) => text.includes(String(turn.content)))
    return turn.role === 'assistant' && !isTrained ? { ...turn, weight: 0 } : turn
  })
}

/** The field that has a text with markers. */
const markedIn = (record: Named): string | undefined =>
  Object.keys(record).find((key) => typeof record[key] === 'string' && marksIn(record[key]) !== null)

/** Whether a field may be beside the text: empty, a system prompt or an id. */
const isBeside =
  (record: Named, text: string) =>
  (key: string): boolean =>
    key === text || isEmpty(record[key]) || meaningOf(key) === 'system' || meaningOf(key) === 'id'

export const markedText: Format<'marked-text'> = {
  score: (records) =>
    share(records, (record) => {
      if (segmentsIn(record)) return true
      const key = markedIn(record)
      return key !== undefined && (key === 'text' || Object.keys(record).every(isBeside(record, key)))
    }),
  mapping: (records) => ({
    shape: 'marked-text',
    text: records.map(markedIn).find((key) => key !== undefined) ?? 'text',
  }),
  read: (fields, { text }) => {
    const turns = () => (segmentsIn(fields.record) ? readSegments(fields) : readMarked(fields.text(text)))
    return [{ messages: [...takeSystem(fields), ...turns()] }]
  },
}
