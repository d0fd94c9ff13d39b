import { z } from 'zod'
import { Facts } from '#lib/core/facts.ts'

/** Everything the checks can find. Its words live in the message catalogue under `rules`. */
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

/** An error keeps a file from being trained on; a warning does not. */
export const Severity = z.enum(['error', 'warning'])
export type Severity = z.infer<typeof Severity>

/** A broken example is data, not an exception: where it is, which rule, and the facts its sentence needs. */
export const Issue = z.object({
  rule: RuleId,
  severity: Severity,
  /** Physical line of the file, from 1. */
  line: z.number(),
  /** UTF-16 column in that line, from 1; a byte order mark is not counted. */
  column: z.number(),
  /** Place inside the example, as `messages[2].role`; empty for the whole line or file. */
  path: z.string(),
  /** Number of the example from 1 (blank lines do not count); absent when the whole file is meant. */
  row: z.number().optional(),
  /** Number of the message inside the example, from 1. */
  message: z.number().optional(),
  /** Facts of the sentence; `fix` names the repair that this problem has, see `repairOf`. */
  values: Facts,
})
export type Issue = z.infer<typeof Issue>

/** A problem of a line that does not know yet where in a file it stands. */
export type LineIssue = Omit<Issue, 'line' | 'row'>

/** The problem that a job fails with: its first broken example, else what is wrong with the file as a whole. */
export function firstError(issues: readonly Issue[]): Issue | undefined {
  const errors = issues.filter(({ severity }) => severity === 'error')
  return errors.find(({ row }) => row !== undefined) ?? errors[0]
}

/** What one rule says about one example; the place is found from `path` afterwards. */
export interface Finding {
  rule: RuleId
  severity: Severity
  path: Path
  values?: Issue['values']
}

export type Path = readonly (string | number)[]

/** A word of a file as it may stand in a sentence: its first 40 characters. */
export const brief = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text)

/** `['messages', 2, 'role']` → `messages[2].role` */
export const pathText = (path: Path): string =>
  path.reduce<string>(
    (text, key) => text + (typeof key === 'number' ? `[${key}]` : `${text && '.'}${brief(key)}`),
    '',
  )

/** Problems of one kind that are told of one line: to find the place of each, the line is read once more. */
const TOLD = 25

/** The first of each rule, errors and warnings apart; a line may be wrong in a million places. */
export function firstOfEach<Told extends Pick<Issue, 'rule' | 'severity'>>(found: readonly Told[]): Told[] {
  const counts = new Map<string, number>()
  return found.filter(({ rule, severity }) => {
    const count = (counts.get(`${severity} ${rule}`) ?? 0) + 1
    counts.set(`${severity} ${rule}`, count)
    return count <= TOLD
  })
}

/** Begins the name of the repair that takes one key away: `remove:source`. */
export const REMOVE = 'remove:'

/** Problems of these rules can always be mended, in one way. */
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
 * The repair that a problem has: `fix` where there is one way, `pairs`, `reasoning` (three ways) or `remove:KEY`
 * where somebody should know what it does; null when only its writer can mend it.
 */
export const repairOf = ({ rule, values }: Pick<Issue, 'rule' | 'values'>): string | null =>
  ALWAYS.has(rule) ? 'fix' : typeof values.fix === 'string' ? values.fix : null
