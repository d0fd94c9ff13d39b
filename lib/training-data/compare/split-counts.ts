import type { Issue } from '../issue.ts'

/** OpenAI's limit of examples with images. */
const MAX_IMAGE_ROWS = 50_000

/** Counts of a split. */
export interface SplitCounts {
  /** Records, whole or broken. */
  examples: number
  /** Examples without an error. */
  sound: number
  /** Sound conversations in which every answer has weight 0. */
  silent: number
  images: number
  tokens: number
  trained: number
  crlf: Counted | null
  /** Lines with keys that are null. */
  nulls: Counted | null
}

/** Lines of one kind: the first, and how many. */
interface Counted {
  line: number
  count: number
}

export const countedOn = (counted: Counted | null, line: number): Counted => ({
  line: counted?.line ?? line,
  count: (counted?.count ?? 0) + 1,
})

export const emptyTally = (): SplitCounts => ({
  examples: 0,
  sound: 0,
  silent: 0,
  images: 0,
  tokens: 0,
  trained: 0,
  crlf: null,
  nulls: null,
})

/** Issues of a split as a whole. */
export function wholeSplit(
  { crlf, nulls, examples, sound, silent, images }: SplitCounts,
  fewest: number,
): Issue[] {
  const error = { severity: 'error', line: 1, column: 1, path: '' } as const
  const issues: Issue[] = []
  if (crlf) {
    const values = { count: crlf.count }
    issues.push({ rule: 'crlf', severity: 'warning', line: crlf.line, column: 1, path: '', values })
  }
  if (nulls) {
    const { line, count } = nulls
    issues.push({ rule: 'null-keys', severity: 'warning', line, column: 1, path: '', values: { count } })
  }
  if (examples < fewest)
    issues.push({ rule: 'too-few-rows', ...error, values: { rows: examples, minimum: fewest } })
  if (sound > 0 && sound === examples && silent === sound)
    issues.push({ rule: 'no-trained-assistant', ...error, values: { answers: 0 } })
  if (images > MAX_IMAGE_ROWS)
    issues.push({ rule: 'image-limits', ...error, values: { reason: 'rows', limit: MAX_IMAGE_ROWS } })
  return issues
}
