import { type Keys, rawAt, readTurns, setAt, setKey, setRaw, writeItems } from '#lib/training-data/edit.ts'
import { isRecord } from '#lib/training-data/is-record.ts'

/** Moves the value at one path of a line to another, without reformatting it. */
function move(line: string, from: Keys, to: Keys): string {
  const raw = rawAt(line, from)
  return raw === null ? line : setRaw(setAt(setAt(line, from, undefined), to, null), to, raw)
}

const rawsOf = (line: string, list: 'messages' | 'preferred_output'): string[] =>
  readTurns(line, list)?.map(({ raw }) => raw) ?? []

/** Whether a line ends with an answer that follows at least one other turn. */
export function endsWithAnswer(line: string): boolean {
  const turns = readTurns(line) ?? []
  return turns.length > 1 && turns.at(-1)?.value.role === 'assistant'
}

/** A chat line as a preference pair: its last answer becomes the preferred one, the other is left empty. */
export function toPair(line: string): string {
  const turns = rawsOf(line, 'messages')
  const answer = setKey(turns.at(-1) ?? '{}', 'weight', undefined)
  let pair = setAt(line, ['input'], {})
  for (const key of ['messages', 'tools', 'parallel_tool_calls']) pair = move(pair, [key], ['input', key])
  pair = writeItems(pair, turns.slice(0, -1), ['input', 'messages'])
  pair = setRaw(setAt(pair, ['preferred_output'], []), ['preferred_output'], `[${answer}]`)
  return setAt(pair, ['non_preferred_output'], [{ role: 'assistant', content: '' }])
}

/** A preference pair as a chat line: the preferred answer becomes the last turn, the other is removed. */
export function toChat(line: string): string {
  const input = JSON.parse(rawAt(line, ['input']) ?? 'null') as unknown
  const keys = isRecord(input) ? Object.keys(input) : []
  const chat = keys.reduce((rest, key) => move(rest, ['input', key], [key]), line)
  const turns = [...rawsOf(chat, 'messages'), ...rawsOf(chat, 'preferred_output')]
  return ['input', 'preferred_output', 'non_preferred_output'].reduce(
    (rest, key) => setAt(rest, [key], undefined),
    writeItems(chat, turns, ['messages']),
  )
}

/** A preference pair with its two answers swapped. */
export function swapAnswers(line: string): string {
  const [better, worse] = [rawAt(line, ['preferred_output']), rawAt(line, ['non_preferred_output'])]
  if (better === null || worse === null) return line
  return setRaw(setRaw(line, ['preferred_output'], worse), ['non_preferred_output'], better)
}
