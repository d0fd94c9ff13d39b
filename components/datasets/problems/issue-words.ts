import { type Messages, type NestedKeyOf, useTranslations } from 'use-intl'
import type { Issue } from '#lib/examples/issue.ts'

type RuleKey = NestedKeyOf<Messages['rules']>

/** Some rules have more than one sentence; which one is told by the facts. */
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

/** Problems that share a sentence's shape share a key. */
export function issueKey(issue: Issue): RuleKey {
  const variant = variantOf(issue)
  return (variant === null ? issue.rule : `${issue.rule}.${variant}`) as RuleKey
}

/** The sentence of a problem, in the reader's language; why the rule is there when it has no sentence for this case. */
export function useIssueWords(): (issue: Issue) => string {
  const t = useTranslations('rules')
  const why = useTranslations('ruleWhy')
  return (issue) => {
    const key = issueKey(issue)
    if (!t.has(key as 'bom')) return why.has(issue.rule) ? why(issue.rule) : issue.rule
    const { line, column, values } = issue
    // The keys are made from the rule's id, so their arguments are not known to the compiler.
    return (t as unknown as (key: string, facts: Issue['values']) => string)(key, { line, column, ...values })
  }
}
