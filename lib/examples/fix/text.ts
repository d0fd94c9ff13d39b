import { scanJson } from '../json.ts'

/** Repairs of a line's JSON text. What a repair does not speak of keeps its bytes. */

const escapes: Readonly<Record<string, string>> = {
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
}

const escaped = (sign: string): string =>
  escapes[sign] ?? `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`

const isClose = (sign: string | undefined): boolean => sign === '}' || sign === ']'
const isSpace = (sign: string | undefined): boolean =>
  sign === ' ' || sign === '\t' || sign === '\r' || sign === '\n'

/** Index of the first sign from `at` on that is no space. */
function past(text: string, at: number): number {
  let index = at
  while (isSpace(text[index])) index++
  return index
}

/** The text with the spots replaced, which are in order. */
function spliced(text: string, spots: readonly { start: number; end: number; by: string }[]): string {
  let [result, from] = ['', 0]
  for (const { start, end, by } of spots) {
    result += text.slice(from, start) + by
    from = end
  }
  return result + text.slice(from)
}

/**
 * Mends what has only one meaning: a comma before a closing bracket goes, a raw control character inside a
 * string becomes its escape.
 * @returns null when the text is no JSON even then
 */
export function mendJson(text: string): string | null {
  const spots: { start: number; end: number; by: string }[] = []
  let inString = false
  for (let at = 0; at < text.length; at++) {
    const sign = text[at] as string
    if (inString) {
      if (sign === '\\') at++
      else if (sign === '"') inString = false
      else if (sign < ' ') spots.push({ start: at, end: at + 1, by: escaped(sign) })
    } else if (sign === '"') inString = true
    else if (sign === ',' && isClose(text[past(text, at + 1)])) spots.push({ start: at, end: at + 1, by: '' })
  }
  const mended = spliced(text, spots)
  return scanJson(mended).problem ? null : mended
}

/** An object's text with the JSON of one member changed; of a key that comes twice, the last. */
export function replaceKey(text: string, key: string, change: (raw: string) => string): string {
  let [start, end] = [0, 0]
  scanJson(text, (path, from, to) => {
    if (path.length === 1 && path[0] === key) [start, end] = [from, to]
  })
  return end === 0 ? text : text.slice(0, start) + change(text.slice(start, end)) + text.slice(end)
}
