import { isRecord } from '../is-record.ts'
import { scanJson } from '../json.ts'
import type { LooseObject } from '../rules/rule.ts'

/** Most missing brackets that are added. */
const MOST = 4

const endsInAnswer = (list: unknown): boolean => {
  const last: unknown = Array.isArray(list) ? list.at(-1) : null
  return isRecord(last) && last.role === 'assistant'
}

/** Whether a record has its answer, so that only brackets are missing. */
const isWhole = (value: LooseObject): boolean =>
  endsInAnswer(value.messages) ||
  (endsInAnswer(value.preferred_output) && endsInAnswer(value.non_preferred_output))

/**
 * The text with the missing brackets at its end.
 * @returns null when it is not a record even then, or when more than brackets is missing
 */
export function closed(text: string): string | null {
  if (!/^\s*\{/.test(text) || scanJson(text).problem?.fault !== 'unfinished') return null
  const open: string[] = []
  let inString = false
  for (let at = 0; at < text.length; at++) {
    const sign = text[at]
    if (inString) {
      if (sign === '\\') at++
      else if (sign === '"') inString = false
    } else if (sign === '"') inString = true
    else if (sign === '{') open.push('}')
    else if (sign === '[') open.push(']')
    else if (sign === '}' || sign === ']') open.pop()
  }
  if (inString || open.length === 0 || open.length > MOST) return null
  const whole = text.trimEnd() + open.reverse().join('')
  if (scanJson(whole).problem) return null
  return isWhole(JSON.parse(whole) as LooseObject) ? whole : null
}
