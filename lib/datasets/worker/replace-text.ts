import { readItems, readTurns, setKey, turnListsOf, writeItems, writeTurns } from '#lib/training-data/edit.ts'

export interface TextSearch {
  find: string
  to: string
  matchCase: boolean
}

/** In lower case, character by character where that keeps the length, so that places are those of the text. */
function folded(text: string): string {
  const lower = text.toLowerCase()
  if (lower.length === text.length) return lower
  const keepLength = (character: string): string => {
    const small = character.toLowerCase()
    return small.length === character.length ? small : character
  }
  return [...text].map(keepLength).join('')
}

/** The text with every occurrence replaced, from the start on and without overlaps. */
export function replaceAll(text: string, { find, to, matchCase }: TextSearch): string {
  const [inside, wanted] = matchCase ? [text, find] : [folded(text), folded(find)]
  let [result, end] = ['', 0]
  for (let at = inside.indexOf(wanted); at !== -1; at = inside.indexOf(wanted, end)) {
    result += text.slice(end, at) + to
    end = at + find.length
  }
  return result + text.slice(end)
}

/** A message, given as JSON, with the text replaced in its content: a string, or the text parts of a list. */
function inMessage(raw: string, content: unknown, search: TextSearch): string {
  if (typeof content === 'string') {
    const text = replaceAll(content, search)
    return text === content ? raw : setKey(raw, 'content', text)
  }
  const parts = readItems(raw, ['content']) ?? []
  const written = parts.map(({ raw: part, value }) => {
    if (typeof value.text !== 'string') return part
    const text = replaceAll(value.text, search)
    return text === value.text ? part : setKey(part, 'text', text)
  })
  return written.some((part, index) => part !== parts[index]?.raw)
    ? writeItems(raw, written, ['content'])
    : raw
}

/**
 * A function that replaces a text in all messages of a line; everything else keeps its bytes. A line that is not a
 * conversation stays as it is.
 */
export function replacerOf(search: TextSearch): (line: string) => string {
  const wanted = folded(search.find)
  // A line without escapes that does not contain the text need not be parsed.
  const mayHave = (line: string): boolean => line.includes('\\') || folded(line).includes(wanted)
  return (line) => {
    if (!mayHave(line)) return line
    let result = line
    for (const list of turnListsOf(line)) {
      const turns = readTurns(result, list) ?? []
      const raws = turns.map(({ raw, value }) => inMessage(raw, value.content, search))
      if (raws.some((raw, index) => raw !== turns[index]?.raw)) result = writeTurns(result, raws, list)
    }
    return result
  }
}
