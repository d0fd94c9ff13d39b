import { z } from 'zod'
import { Facts } from '#lib/core/facts.ts'

/** Every rule of the checks. Its text is in the message catalogue under `rules`. */
export const ruleIds = [
  'not-utf8',
  'bom',
  'crlf',
  'blank-line',
  'array-not-lines',
  'multi-line-json',
  'bad-json',
  'too-deep',
  'duplicate-key',
  'lone-surrogate',
  'nul-character',
  'number-precision',
  'not-object',
  'no-messages',
  'null-keys',
  'unknown-key',
  'content-parts',
  'bad-shape',
  'too-few-rows',
  'too-big',
  'bad-role',
  'system-not-first',
  'no-user',
  'last-not-assistant',
  'empty-content',
  'no-trained-assistant',
  'two-answers-in-a-row',
  'turns-not-alternating',
  'reasoning',
  'weight-not-0-1',
  'weight-on-non-assistant',
  'tool-call-without-result',
  'tool-result-without-call',
  'undeclared-tool',
  'legacy-functions',
  'image-part-unsupported',
  'over-context',
  'tokens-outlier',
  'duplicate',
  'near-duplicate',
  'same-prompt-two-answers',
  'leak-into-heldout',
  'system-drift',
  'answer-all-identical',
  'answer-repeats-question',
  'mojibake',
  'shared-opening',
  'mixed-language',
  'secret-or-pii-looking',
  'trailing-space',
  'bidi-control-chars',
  'control-characters',
  'invisible-characters',
  'special-token',
  'html-in-text',
  'placeholder',
  'preference-keys',
  'tools-schema',
  'image-limits',
  'mixed-methods',
  'preference-unsupported',
  'tools-unsupported',
] as const
export const RuleId = z.enum(ruleIds)
export type RuleId = z.infer<typeof RuleId>

/** An error prevents training on the file; a warning does not. */
export const Severity = z.enum(['error', 'warning'])
export type Severity = z.infer<typeof Severity>

/** A broken example is data, not an exception: its place, the rule, and the values of its sentence. */
export const Issue = z.object({
  rule: RuleId,
  severity: Severity,
  /** Physical line of the file, from 1. */
  line: z.number(),
  /** UTF-16 column in that line, from 1, without a byte order mark. */
  column: z.number(),
  /** Place inside the example, as `messages[2].role`; empty for the whole line or file. */
  path: z.string(),
  /** Number of the example, from 1 (blank lines do not count); absent for the whole file. */
  row: z.number().optional(),
  /** Number of the message inside the example, from 1. */
  message: z.number().optional(),
  /** Values of the sentence; `fix` names the fix, see `fixOf`. */
  values: Facts,
})
export type Issue = z.infer<typeof Issue>

/** An issue of a line whose number in the file is not known yet. */
export type LineIssue = Omit<Issue, 'line' | 'row'>

/** The issue that a job fails with: its first broken example, else the first error of the whole file. */
export function firstError(issues: readonly Issue[]): Issue | undefined {
  const errors = issues.filter(({ severity }) => severity === 'error')
  return errors.find(({ row }) => row !== undefined) ?? errors[0]
}

/** What one rule finds in one example; its column is computed from `path` afterwards. */
export interface Finding {
  rule: RuleId
  severity: Severity
  path: Path
  values?: Issue['values']
}

export type Path = readonly (string | number)[]

/** A text of the file for a sentence: its first 40 characters. */
export const brief = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text)

/** `['messages', 2, 'role']` → `messages[2].role` */
export const pathText = (path: Path): string =>
  path.reduce<string>(
    (text, key) => text + (typeof key === 'number' ? `[${key}]` : `${text && '.'}${brief(key)}`),
    '',
  )

/** Most issues of one rule and severity in one line: each reads the line again to find its column. */
const MOST_IN_LINE = 25

/** The first findings of each rule, errors and warnings apart; a line may be wrong in a million places. */
export function firstOfEach<Found extends Pick<Issue, 'rule' | 'severity'>>(
  found: readonly Found[],
): Found[] {
  const counts = new Map<string, number>()
  return found.filter(({ rule, severity }) => {
    const count = (counts.get(`${severity} ${rule}`) ?? 0) + 1
    counts.set(`${severity} ${rule}`, count)
    return count <= MOST_IN_LINE
  })
}

/** Prefix of the fix that removes one key: `remove:source`. */
export const REMOVE = 'remove:'

/** Issues of these rules always have exactly one fix. */
const ALWAYS: ReadonlySet<RuleId> = new Set<RuleId>([
  'bom',
  'crlf',
  'blank-line',
  'array-not-lines',
  'multi-line-json',
  'null-keys',
  'duplicate',
])

/**
 * The fix of an issue: `fix` if there is one way; `pairs`, `reasoning` (three ways) or `remove:KEY` if the user has
 * to choose it; null if only the author of the data can fix it.
 */
export const fixOf = ({ rule, values }: Pick<Issue, 'rule' | 'values'>): string | null =>
  ALWAYS.has(rule) ? 'fix' : typeof values.fix === 'string' ? values.fix : null
