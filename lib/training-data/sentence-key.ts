import type { Issue } from './issue.ts'

/** Some rules have several sentences; the issue's values choose one. */
function variantOf({ rule, severity, row, values }: Issue): string | null {
  if (rule === 'bad-json') return String(values.origin ?? values.fault)
  if (rule === 'no-messages') return String(values.reason)
  if (rule === 'too-big') return String(values.what)
  if (rule === 'bad-role') return values.meant ? 'meant' : values.role === '' ? 'missing' : 'unknown'
  if (rule === 'reasoning') return String(values.reason)
  if (rule === 'last-not-assistant') return values.assistants === 0 ? 'none' : 'other'
  if (rule === 'empty-content') return severity
  if (rule === 'no-trained-assistant') return row === undefined ? 'file' : 'row'
  if (rule === 'over-context' || rule === 'tools-unsupported') return String(values.what)
  return null
}

/** Key of an issue's sentence in the catalogue, under `rules`: the rule's id, and the variant. */
export function sentenceKey(issue: Issue): string {
  const variant = variantOf(issue)
  return variant === null ? issue.rule : `${issue.rule}.${variant}`
}
