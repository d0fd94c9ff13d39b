import { useTranslations } from 'use-intl'
import { WordDiff } from '#components/ui/word-diff.tsx'
import { systemPromptOf } from '#lib/datasets/worker/system-prompt.ts'
import type { Issue } from '#lib/training-data/issue.ts'
import { useLines } from './use-lines.ts'

/** Number of variants shown; a dataset with more has no usual system prompt. */
const SHOWN = 3
/** Characters shown around a difference. */
const CONTEXT = 80

export interface DriftProps {
  datasetId: string
  /** Issues of the rows with another system prompt. */
  issues: readonly Issue[]
  /** The most frequent system prompt. */
  usual: string
}

/** How the system prompts of the first differing rows differ from the usual one. */
export function Drift({ datasetId, issues, usual }: DriftProps) {
  const t = useTranslations('issues')
  const drifting = issues.filter(({ values }) => values.change === 'other').slice(0, SHOWN)
  const texts = useLines(
    datasetId,
    drifting.map(({ line }) => line),
  )
  const wordings = new Set(
    texts.map((text) => systemPromptOf(text ?? null)).filter((words) => words !== null),
  )
  wordings.delete(usual)
  if (wordings.size === 0) return null
  return (
    <ul aria-label={t('drift')} className="grid gap-1.5">
      {[...wordings].map((words) => (
        <li key={words} className="rounded-md border bg-sunken px-2.5 py-1.5 font-mono text-meta">
          <WordDiff before={usual} after={words} context={CONTEXT} />
        </li>
      ))}
    </ul>
  )
}
