import { csvCell } from '#lib/core/csv.ts'
import { AppError } from '#lib/core/errors.ts'
import { importDataset } from '#lib/datasets/import.ts'
import type { Preference } from '#lib/training-data/schema.ts'
import { orderOf, requestOf } from './compare.ts'
import { getComparison } from './history.ts'
import { messagesOf } from './messages.ts'
import type { Answer, PreferenceDraft, PreferenceQuery, Turn } from './schema.ts'
import { type ComparisonRecord, decidedComparisons } from './store.ts'

/** A question and the better and the worse of two answers to it. */
export interface Pair {
  messages: { role: 'system' | 'user' | 'assistant'; content: string }[]
  preferred: string
  other: string
}

const saidAlike = (a: readonly Turn[], b: readonly Turn[]): boolean => JSON.stringify(a) === JSON.stringify(b)

/**
 * The winner against each other complete answer. Equal texts teach nothing, and other conversations are other
 * questions.
 */
async function pairsOf(record: ComparisonRecord): Promise<Pair[]> {
  const { answers, votes } = await getComparison(record.id)
  const request = requestOf(record)
  const order = orderOf(record)
  const earlierOf = (place: number) => request.panes[order[place] ?? -1]?.earlier ?? []
  return votes.flatMap(({ sample, winner }) => {
    const whole = answers.filter((answer) => answer.sample === sample && answer.state === 'finished')
    const best = whole.find(({ place }) => place === winner)
    if (!best) return []
    const earlier = earlierOf(best.place)
    const messages = messagesOf(request, { earlier }) as Pair['messages']
    const isPair = (other: Answer) =>
      other.place !== best.place &&
      other.text.trim() !== best.text.trim() &&
      saidAlike(earlierOf(other.place), earlier)
    return whole.filter(isPair).map(({ text }) => ({ messages, preferred: best.text, other: text }))
  })
}

/** Every pair from votes, oldest first. @param jobId only from comparisons of this job */
async function listPairs(jobId?: string): Promise<Pair[]> {
  const records = await decidedComparisons(jobId)
  return (await Promise.all(records.map(pairsOf))).flat()
}

const said = (content: string) => [{ role: 'assistant' as const, content }]

/** OpenAI's format for preferences (DPO). */
const openaiLine = ({ messages, preferred, other }: Pair): Preference => ({
  input: { messages },
  preferred_output: said(preferred),
  non_preferred_output: said(other),
})

/** The conversation format of TRL's DPO trainer. */
const trlLine = ({ messages, preferred, other }: Pair) => ({
  prompt: messages,
  chosen: said(preferred),
  rejected: said(other),
})

function csvOf(pairs: readonly Pair[]): string {
  const rows = pairs.map(({ messages, preferred, other }) => [
    messages.find(({ role }) => role === 'system')?.content ?? '',
    messages
      .filter(({ role }) => role !== 'system')
      .map(({ role, content }) => (messages.length > 2 ? `${role}: ${content}` : content))
      .join('\n'),
    preferred,
    other,
  ])
  return [['system', 'prompt', 'chosen', 'rejected'], ...rows]
    .map((row) => `${row.map(csvCell).join(',')}\r\n`)
    .join('')
}

const linesOf = (values: readonly unknown[]): string =>
  values.map((value) => `${JSON.stringify(value)}\n`).join('')

/** The pairs as a file. */
export async function exportPairs({ format = 'openai', job }: PreferenceQuery) {
  const pairs = await listPairs(job)
  switch (format) {
    case 'csv':
      return { text: csvOf(pairs), type: 'text/csv; charset=utf-8', name: 'preferences.csv' }
    case 'trl':
      return { text: linesOf(pairs.map(trlLine)), type: 'application/jsonl', name: 'preferences-trl.jsonl' }
    case 'openai':
      return { text: linesOf(pairs.map(openaiLine)), type: 'application/jsonl', name: 'preferences.jsonl' }
  }
}

async function* bytesOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text)
}

/**
 * Makes a dataset for preference tuning from the votes.
 * @throws AppError invalid when no vote has made a pair
 */
export async function keepPairs({ name, job }: PreferenceDraft): Promise<{ id: string; rows: number }> {
  const pairs = await listPairs(job)
  if (pairs.length === 0) throw new AppError('invalid', 'playground.noPreference')
  const text = linesOf(pairs.map(openaiLine))
  const source = bytesOf(text)
  const { id } = await importDataset({ name, source, length: Buffer.byteLength(text), split: 'train' })
  return { id, rows: pairs.length }
}
