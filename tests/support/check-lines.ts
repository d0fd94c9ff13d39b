import type { Issue } from '#lib/training-data/issue.ts'
import { lineOf } from '#lib/training-data/jsonl.ts'
import { type CheckOptions, checkLine } from '#lib/training-data/validate.ts'

export const bytesOf = (text: string) => new TextEncoder().encode(text)
export const good = (n: number) =>
  `{"messages": [{"role": "system", "content": "s"}, {"role": "user", "content": "q${n}"}, {"role": "assistant", "content": "a${n}"}]}`
export const place = ({ rule, severity, line, column }: Issue) => `${line}:${column} ${severity} ${rule}`

export const user = { role: 'user', content: 'q' }
export const answer = { role: 'assistant', content: 'a' }
export const image = { type: 'image_url', image_url: { url: 'https://example.org/a.png' } }
/** Rules that one example breaks, as `rule@path`, warnings in brackets. */
export const broken = (value: unknown, options?: CheckOptions) =>
  checkLine(lineOf(JSON.stringify(value), 1), options).issues.map(({ rule, severity, path }) =>
    severity === 'error' ? `${rule}@${path}` : `(${rule}@${path})`,
  )
