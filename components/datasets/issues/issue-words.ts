import { type Messages, type NestedKeyOf, useTranslations } from 'use-intl'
import type { Issue } from '#lib/training-data/issue.ts'
import { sentenceKey } from '#lib/training-data/sentence-key.ts'

type RuleKey = NestedKeyOf<Messages['rules']>

/** Issues whose messages have the same form share a key. */
export const issueKey = (issue: Issue): RuleKey => sentenceKey(issue) as RuleKey

/**
 * The message of an issue in the page's language; if the rule has no message for this case, the reason for the rule.
 */
export function useIssueWords(): (issue: Issue) => string {
  const t = useTranslations('rules')
  const why = useTranslations('ruleWhy')
  return (issue) => {
    const key = issueKey(issue)
    if (!t.has(key as 'bom')) return why.has(issue.rule) ? why(issue.rule) : issue.rule
    const { line, column, values } = issue
    // TypeScript cannot infer the arguments: the keys are built from rule ids.
    return (t as unknown as (key: string, facts: Issue['values']) => string)(key, { line, column, ...values })
  }
}
