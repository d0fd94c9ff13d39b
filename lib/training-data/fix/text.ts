import { scanJson } from '../json.ts'
import { readLoose } from '../loose-json.ts'

/** Edits of a line's JSON text. The rest of the text keeps its bytes. */

/**
 * Converts almost-JSON that has only one meaning, see `readLoose`.
 * @returns null when the text is not JSON even then
 */
export const fixJson = (text: string): string | null =>
  readLoose(text)?.json ?? (scanJson(text).problem ? null : text)

/** The text with all string values changed; `change` returns null to keep a string. Keys stay. */
export function replaceStrings(text: string, change: (said: string) => string | null): string {
  const parts: string[] = []
  let from = 0
  scanJson(text, (_, start, end) => {
    const said = text[start] === '"' ? change(JSON.parse(text.slice(start, end)) as string) : null
    if (said === null) return
    parts.push(text.slice(from, start), JSON.stringify(said))
    from = end
  })
  return parts.join('') + text.slice(from)
}

/** An object's text with the JSON of one member changed; of a duplicate key, the last. */
export function replaceKey(text: string, key: string, change: (raw: string) => string): string {
  let [start, end] = [0, 0]
  scanJson(text, (path, from, to) => {
    if (path.length === 1 && path[0] === key) [start, end] = [from, to]
  })
  return end === 0 ? text : text.slice(0, start) + change(text.slice(start, end)) + text.slice(end)
}
