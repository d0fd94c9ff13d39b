import { numberOf } from '../exact.ts'
import { isRecord } from '../is-record.ts'
import { Fields, type Named, Refusal, type Turn } from './fields.ts'
import { type Format, type Gatherer, has, type Line, type Outcome, share } from './format.ts'
import type { ImportProblem, MappingOf, Refused } from './plan.ts'
import { CONTENT_KEYS, messagesOf, SPEAKER_KEYS, takeTools } from './turns.ts'
import { readVerdict } from './verdict.ts'

/** Formats with several records per line. */

/** Most characters held of incomplete lines. */
export const MOST_HELD = 128 * 1024 * 1024

/** Groups records by key, in order of first appearance. */
class Held<Part> {
  readonly groups = new Map<string, { from: number[]; parts: Part[] }>()
  #size = 0

  /** @throws Refusal when too much is held */
  add(key: string, part: Part, line: number, size: number): void {
    this.#size += size
    if (this.#size > MOST_HELD) throw new Refusal('too-much-held')
    const group = this.groups.get(key) ?? { from: [], parts: [] }
    group.from.push(line)
    group.parts.push(part)
    this.groups.set(key, group)
  }

  /** Makes the lines of each group. */
  *settle(make: (parts: readonly Part[]) => Line[] | Refused): Generator<Outcome> {
    for (const { from, parts } of this.groups.values()) {
      const made = caught(() => make(parts))
      yield Array.isArray(made) ? { from, lines: made } : { from, ...made }
    }
  }
}

function caught(make: () => Line[] | Refused): Line[] | Refused {
  try {
    return make()
  } catch (thrown) {
    if (!(thrown instanceof Refusal)) throw thrown
    return thrown.refused
  }
}

const sizeOf = ({ record }: Fields): number => JSON.stringify(record).length
const refused = (problem: ImportProblem, values: Refused['values'] = {}): Refused => ({ problem, values })

interface Spoken {
  turn: Fields
  order: number
}

const IDS = /^(conversation|conv|chat|dialog|dialogue|session|thread|ticket)([_ -]?(id|no|number))?$/i
const ORDERS = /^(turn|turn[_ -]?(id|index|number|no)|message[_ -]?(index|number)|position|order|seq)$/i

const columnLike = (record: Named, like: RegExp): string | null =>
  Object.keys(record).find((key) => like.test(key)) ?? null

/** The record's own spelling of the first of these keys that it has. */
function spelled(record: Named, keys: readonly string[]): string | null {
  const own = new Map(Object.keys(record).map((key) => [key.toLowerCase(), key]))
  const key = keys.find((one) => own.has(one))
  return own.get(key ?? '') ?? null
}

function turnColumns(record: Named): MappingOf<'turns'> {
  return {
    shape: 'turns',
    conversation: columnLike(record, IDS),
    speaker: spelled(record, SPEAKER_KEYS),
    text: spelled(record, [...CONTENT_KEYS, 'utterance', 'body']),
    order: columnLike(record, ORDERS),
  }
}

const isTurn = (record: Named): boolean => {
  const { conversation, speaker, text } = turnColumns(record)
  return conversation !== null && speaker !== null && text !== null
}

/** A turn with its fields renamed to `role` and `content`. */
const turnFields = (fields: Fields, speaker: string, text: string): Fields =>
  new Fields({ role: fields.take(speaker), content: fields.take(text) }, '', fields.notes)

function gatherTurns({ conversation, speaker, text, order }: MappingOf<'turns'>): Gatherer {
  const held = new Held<Spoken>()
  const ordered = (spoken: readonly Spoken[]) =>
    spoken.toSorted((a, b) => a.order - b.order).map(({ turn }) => turn)
  return {
    add: (fields, line) => {
      if (conversation === null || speaker === null || text === null) throw new Refusal('unmapped')
      const id = fields.text(conversation)
      const place = order === null ? Number.NaN : numberOf(fields.take(order))
      const part = { turn: turnFields(fields, speaker, text), order: Number.isNaN(place) ? 0 : place }
      held.add(id, part, line, sizeOf(fields))
      return []
    },
    finish: () => [...held.settle((spoken) => [{ messages: answered(messagesOf(ordered(spoken))) }])],
  }
}

function answered(messages: readonly Turn[]): readonly Turn[] {
  if (!messages.some(({ role }) => role === 'assistant')) throw new Refusal('no-answer')
  return messages
}

export const turns: Format<'turns'> = {
  score: (records) => share(records, isTurn),
  mapping: ([first = {}]) => turnColumns(first),
  gather: gatherTurns,
}

/** A request or a response of a batch. */
interface Half {
  request: Fields | null
  answer: Turn | null
  failed: boolean
}

function responseOf(fields: Fields): Pick<Half, 'answer' | 'failed'> {
  const response = fields.within('response')
  const [choice] = response?.within('body')?.each('choices') ?? []
  const message = choice?.take('message')
  return { answer: isRecord(message) ? message : null, failed: !isRecord(message) }
}

function halfOf(fields: Fields): Half {
  const isResponse = fields.has('response') || fields.has('error')
  const answered = isResponse ? responseOf(fields) : { answer: null, failed: false }
  return { request: isResponse ? null : fields.within('body'), ...answered }
}

function lineOfBatch(halves: readonly Half[]): Line[] | Refused {
  const request = halves.find((half) => half.request !== null)?.request
  const answer = halves.find((half) => half.answer !== null)?.answer
  if (halves.some(({ failed }) => failed) && !answer) return refused('failed-response')
  if (!request) return refused('no-request')
  if (!answer) return refused('no-response')
  const asked = request.take('messages')
  if (!Array.isArray(asked)) return refused('no-messages')
  return [{ messages: [...asked, answered([spokenMessage(answer)])[0]], ...takeTools(request) }]
}

/** The model's message without the server's metadata. */
const spokenMessage = ({ role, content, refusal, tool_calls }: Turn): Turn =>
  Object.fromEntries(
    Object.entries({ role, content, refusal, tool_calls }).filter(
      ([key, value]) => value !== undefined && (value !== null || key === 'content'),
    ),
  )

function gatherBatch(): Gatherer {
  const held = new Held<Half>()
  return {
    add: (fields, line) => {
      const half = halfOf(fields)
      half.request?.take('messages')
      held.add(fields.text('custom_id'), half, line, sizeOf(fields))
      return []
    },
    finish: () => [...held.settle(lineOfBatch)],
  }
}

export const batch: Format<'batch'> = {
  score: (records) =>
    share(records, (record) => has('custom_id')(record) && ('body' in record || 'response' in record)),
  mapping: () => ({ shape: 'batch' }),
  gather: gatherBatch,
}

interface Judged {
  asked: Named
  said: Turn
  liked: boolean
}

/** Splits a line into its last answer and the prompt. */
function judged(line: Named, liked: boolean): Judged {
  const { messages, ...more } = line as { messages: Turn[] }
  const said = messages.at(-1)
  if (said?.role !== 'assistant') throw new Refusal('no-answer')
  return { asked: { messages: messages.slice(0, -1), ...more }, said, liked }
}

/** Pairs of liked and disliked answers to a question; the shorter list is repeated from its start. */
function pairsOfJudged(all: readonly Judged[]): Line[] | Refused {
  const [good, bad] = [all.filter(({ liked }) => liked), all.filter(({ liked }) => !liked)]
  if (good.length === 0 || bad.length === 0) return refused('no-partner')
  return Array.from({ length: Math.max(good.length, bad.length) }, (_, index) => {
    const [better, worse] = [good[index % good.length] as Judged, bad[index % bad.length] as Judged]
    return { input: better.asked, preferred_output: [better.said], non_preferred_output: [worse.said] }
  })
}

const verdictOf = (fields: Fields, label: string): boolean => {
  const verdict = readVerdict(fields.take(label))
  if (verdict === null) throw new Refusal('bad-label', { column: label })
  return verdict
}

/**
 * Gathers answers with a verdict.
 * @param read converts a record to a line, in any shape that can have a verdict
 */
export function gatherThumbs({ label, keep }: MappingOf<'thumbs'>, read: (fields: Fields) => Line): Gatherer {
  const held = new Held<Judged>()
  return {
    add: (fields, line) => {
      if (keep === null) throw new Refusal('undecided', { column: label })
      const liked = verdictOf(fields, label)
      const made = read(fields) as Named
      if (keep === 'liked') {
        if (!liked) throw new Refusal('disliked', { column: label })
        return [{ from: [line], lines: [made] }]
      }
      const one = judged(made, liked)
      held.add(JSON.stringify(one.asked), one, line, sizeOf(fields))
      return []
    },
    finish: () => [...held.settle(pairsOfJudged)],
  }
}
