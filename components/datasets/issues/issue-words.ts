import { type Messages, type NestedKeyOf, useTranslations } from 'use-intl'
import type { Issue } from '#lib/training-data/issue.ts'
import { sentenceKey } from '#lib/training-data/sentence-key.ts'

type RuleKey = NestedKeyOf<Messages['rules']>

/** Problems that share a sentence's shape share a key. */
export const issueKey = (issue: Issue): RuleKey => sentenceKey(issue) as RuleKey

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
