import { useTranslations } from 'use-intl'
import { useIssueWords } from '#components/datasets/issues/issue-words.ts'
import { useErrorWords } from '#components/ui/use-error-words.ts'
import type { JobFailure } from '#lib/jobs/schema.ts'

interface FailureWords {
  /** The sentence of the rule that a line breaks, with the line; where no rule is known, the provider's words. */
  lead: string
  /** The provider's words, unless they are the lead. */
  said: string | null
}

/** What a failed job says first. */
export function useFailureWords(): (error: JobFailure) => FailureWords {
  const t = useTranslations('jobs.failure')
  const say = useErrorWords()
  const ruleWords = useIssueWords()
  return (error) => {
    const said = say(error)
    const { issue } = error
    if (!issue) return { lead: said, said: null }
    const words = ruleWords(issue)
    // An issue of the whole file has no line.
    return { lead: issue.row === undefined ? words : t('at', { line: issue.line, words }), said }
  }
}
