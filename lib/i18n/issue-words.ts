import type { z } from 'zod'
import {
  type CatalogueWords,
  type ErrorKey,
  inEnglish,
  inEnglishAs,
  isErrorKey,
  type ValuesOf,
} from './error-words.ts'
import type { Worded, WordValues } from './worded.ts'

type Issue = z.core.$ZodIssue

/** Sentences whose only value is the limit that a zod issue carries. */
type IssueKey = {
  [Key in ErrorKey]: keyof ValuesOf<Key> extends 'minimum' | 'maximum' ? Key : never
}[ErrorKey]

/** Our words for a check, in place of zod's own: `z.string().max(64, issue('jobs.suffixTooLong'))`. */
export const issue = (key: IssueKey): IssueKey => key

const list = (parts: readonly unknown[]): string => parts.map(String).join(', ')

const kindOf = (origin: string): string => (origin === 'string' || origin === 'array' ? origin : 'number')

/** A sentence of the catalogue for zod's own checks. */
function builtIn(found: Issue): CatalogueWords {
  switch (found.code) {
    case 'invalid_type':
      return 'input' in found && found.input === undefined
        ? 'issues.missing'
        : ['issues.type', { expected: found.expected }]
    case 'too_small':
      return ['issues.tooSmall', { kind: kindOf(found.origin), minimum: Number(found.minimum) }]
    case 'too_big':
      return ['issues.tooBig', { kind: kindOf(found.origin), maximum: Number(found.maximum) }]
    case 'invalid_value':
      return ['issues.value', { values: list(found.values) }]
    case 'unrecognized_keys':
      return ['issues.unknownFields', { names: list(found.keys) }]
    default:
      return 'issues.other'
  }
}

/** The limit of an issue, by its name in the sentences. */
function limitIn(found: Issue): WordValues {
  if (found.code === 'too_small') return { minimum: Number(found.minimum) }
  if (found.code === 'too_big') return { maximum: Number(found.maximum) }
  return found.code === 'custom' ? (found.params ?? {}) : {}
}

/** Words for an issue of a schema; for a union those of its last branch, the most general one. */
export function issueWords(found: Issue): Worded {
  const inner = found.code === 'invalid_union' ? found.errors.at(-1)?.[0] : undefined
  if (inner) return issueWords(inner)
  return isErrorKey(found.message) ? inEnglishAs(found.message, limitIn(found)) : inEnglish(builtIn(found))
}

/** Words for the issues of a form, by field path; the first issue of each field. */
export const wordsByPath = (error: z.ZodError | undefined): Record<string, Worded> =>
  Object.fromEntries(
    (error?.issues ?? []).toReversed().map((found) => [found.path.join('.'), issueWords(found)]),
  )
