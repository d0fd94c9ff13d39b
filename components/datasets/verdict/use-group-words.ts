'use client'
import { useTranslations } from 'use-intl'
import type { Issue } from '#lib/training-data/issue.ts'
import type { IssueGroup, Verdict } from '#lib/training-data/schema.ts'
import { issueKey } from '../issues/issue-words.ts'

/** A model's issue with the rows, as a sentence without its full stop. */
export function useGroupWords(): (group: IssueGroup, verdict: Verdict) => string {
  const t = useTranslations('verdict')
  return ({ rule, count, issues: [first] }, { rows, context }) => {
    const key = first ? issueKey(first) : rule
    // TypeScript cannot infer the arguments: the keys are built from rule ids.
    const words = t as unknown as (key: string, facts: Issue['values']) => string
    return words(key, { ...first?.values, count, rows, limit: context ?? 0 })
  }
}

/** The row, and how much of its answer is cut off if the issue is about that. */
export function useRowWords(): (issue: Issue) => string {
  const t = useTranslations('verdict')
  return ({ rule, row, values }) => {
    const name = t('row', { row: row ?? 0 })
    if (rule !== 'over-context') return name
    return `${name}: ${t(values.what === 'all' ? 'lost.all' : 'lost.part', { lost: Number(values.lost) })}`
  }
}
