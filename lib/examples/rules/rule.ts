import type { Finding, RuleId } from '../issue.ts'

/** A message as it came: an object of unknown shape. */
export type LooseMessage = Readonly<Record<string, unknown>>

/** An example as it came, before anything about it is believed. */
export interface LooseExample {
  value: Readonly<Record<string, unknown>>
  messages: readonly LooseMessage[]
}

export interface RuleOptions {
  /** What a picture in a user's turn means to whoever trains: `error` where it cannot be read. */
  images: 'error' | 'warning'
}

/** One rule of the table: an id and what it finds in an example. */
export interface Rule {
  id: RuleId
  check: (example: LooseExample, options: RuleOptions) => Iterable<Omit<Finding, 'rule'>>
}

export const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** How a value is called in a sentence: JSON's own word for what it is. */
export function kindOf(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}

/** A value as it may stand in a sentence: short, and on one line. */
export function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  return text.length > 40 ? `${text.slice(0, 40)}…` : text
}
