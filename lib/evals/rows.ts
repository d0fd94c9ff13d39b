import { rowLines } from '#lib/datasets/bytes.ts'
import { type RowRecord, rowsOf } from '#lib/datasets/revision-rows-store.ts'
import type { Split } from '#lib/datasets/schema.ts'
import type { Messages } from '#lib/playground/messages.ts'
import type { TextLine } from '#lib/training-data/jsonl.ts'
import { Example, type LineKind, type Message, textOf } from '#lib/training-data/schema.ts'
import { type CheckedLine, checkLine } from '#lib/training-data/validate.ts'
import type { Exclusion } from './schema.ts'

/** Rows of a dataset at a revision. */
export interface Place {
  datasetId: string
  revision: number
  split: Split
}

/** A row that can be asked: every turn before the last answer, and that answer. */
export interface Askable {
  /** Among the rows of its split, from 0. */
  place: number
  key: string
  promptHash: number | null
  messages: Messages
  expected: string
  /** By OpenAI's encoding; of the whole request, and of the expected answer. */
  promptTokens: number
  answerTokens: number
}

export interface Unaskable {
  place: number
  key: string
  question: string | null
  reason: Exclusion
}

/** Characters of a question as lists show it. */
const BEGINNING = 200

/** Rows read at once, and read in all: a dataset of unusable lines must not be read to its end. */
const CHUNK = 200
const MOST_LOOKED_AT = 20_000

/** Characters per token when nothing was counted. */
const CHARACTERS = 3

function asSent({ role, content }: Message): Messages[number] | null {
  const text = textOf(content)
  switch (role) {
    case 'system':
    case 'developer':
      return { role, content: text }
    case 'assistant':
      return { role, content: text }
    case 'user':
      return { role, content: content ?? '' }
    default:
      return null
  }
}

const calls = ({ role, tool_calls, function_call }: Message): boolean =>
  role === 'tool' || role === 'function' || tool_calls !== undefined || function_call !== undefined

const needsTools = ({ messages, tools, functions }: Example): boolean =>
  tools !== undefined || functions !== undefined || messages.some(calls)

/** The beginning of the last question. */
export const questionIn = (messages: readonly { role: string; content?: unknown }[]): string | null => {
  const content = messages.findLast(({ role }) => role === 'user')?.content
  return content == null ? null : textOf(content as Message['content']).slice(0, BEGINNING)
}

function reasonOf(example: Example): Exclusion | null {
  const last = example.messages.at(-1)
  if (needsTools(example)) return 'tools'
  if (last?.role !== 'assistant' || textOf(last.content) === '') return 'noAnswer'
  return example.messages.length < 2 ? 'noPrompt' : null
}

/** Tokens of a text that was not counted. */
export const guessed = (text: string): number => Math.ceil(text.length / CHARACTERS)

function askable(row: RowRecord, place: number, { messages }: Example): Askable {
  const expected = textOf(messages.at(-1)?.content)
  const all = row.tokens === null ? guessed(JSON.stringify(messages)) : Number(row.tokens)
  const answerTokens = row.trained_tokens ? Number(row.trained_tokens) : guessed(expected)
  return {
    place,
    key: row.key,
    promptHash: row.prompt_hash === null ? null : Number(row.prompt_hash),
    messages: messages.slice(0, -1).flatMap((message) => asSent(message) ?? []),
    expected,
    promptTokens: Math.max(1, all - answerTokens),
    answerTokens,
  }
}

type Read = { row: Askable } | { not: Unaskable }

/** A conversation that the rules refuse to train on, parsed for its question alone. */
function looseExample(text: string | null): Example | null {
  try {
    return Example.safeParse(JSON.parse(text ?? '')).data ?? null
  } catch {
    return null
  }
}

function refused(line: TextLine, kind: LineKind): Pick<Unaskable, 'question' | 'reason'> {
  const example = looseExample(line.text)
  if (kind === 'preference' || !example)
    return { question: null, reason: kind === 'preference' ? 'notChat' : 'broken' }
  return { question: questionIn(example.messages), reason: reasonOf(example) ?? 'broken' }
}

function readRow(row: RowRecord, line: TextLine, place: number, { example, kind }: CheckedLine): Read {
  const reason = example && reasonOf(example)
  if (example && reason === null) return { row: askable(row, place, example) }
  return { not: { place, key: row.key, ...refused(line, kind) } }
}

/** Blank lines are skipped: they are no rows. */
async function* read({ datasetId, revision, split }: Place): AsyncGenerator<Read> {
  let place = -1
  for (let offset = 0; offset < MOST_LOOKED_AT; offset += CHUNK) {
    const records = await rowsOf({ id: datasetId, revision }, { split, offset, limit: CHUNK })
    for await (const { row, line } of rowLines(records)) {
      const checked = checkLine(line)
      if (checked.blank) continue
      place++
      yield readRow(row, line, place, checked)
    }
    if (records.length < CHUNK) return
  }
}

/**
 * The first rows of a split that can be asked, and those between them that cannot.
 * @param spoilt given a few rows, returns those whose answer a model has seen
 */
export async function askableRows(
  where: Place,
  most: number,
  spoilt: (rows: readonly Askable[]) => Promise<ReadonlySet<string>> = async () => new Set(),
): Promise<{ rows: Askable[]; excluded: Unaskable[] }> {
  const rows: Askable[] = []
  const excluded: Unaskable[] = []
  let batch: Askable[] = []
  const settle = async () => {
    const seen = await spoilt(batch)
    for (const row of batch) {
      if (!seen.has(row.key)) rows.push(row)
      else
        excluded.push({
          place: row.place,
          key: row.key,
          question: questionIn(row.messages),
          reason: 'inTraining',
        })
    }
    batch = []
  }
  for await (const found of read(where)) {
    if ('not' in found) excluded.push(found.not)
    else batch.push(found.row)
    if (rows.length + batch.length < most) continue
    await settle()
    if (rows.length >= most) break
  }
  await settle()
  return { rows, excluded: excluded.toSorted((a, b) => a.place - b.place) }
}
