'use client'
import { useQuery } from '@tanstack/react-query'
import { useId } from 'react'
import { useTranslations } from 'use-intl'
import { Dot } from '#components/ui/dot.tsx'
import { State } from '#components/ui/state.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import { verdictQuery } from '#lib/datasets/queries.ts'
import type { Issue } from '#lib/training-data/issue.ts'
import type { IssueGroup, Verdict } from '#lib/training-data/schema.ts'
import { type Base, useBase, useBases } from '../line/use-bases.ts'
import { useGroupWords, useRowWords } from './use-group-words.ts'

interface ModelVerdictProps {
  datasetId: string
  onGoTo: (issue: Issue) => void
}

function FaultItem({
  group,
  verdict,
  onGoTo,
}: { group: IssueGroup; verdict: Verdict } & Omit<ModelVerdictProps, 'datasetId'>) {
  const t = useTranslations('issues')
  const words = useGroupWords()
  const rowWords = useRowWords()
  const { severity, issues, count } = group
  const rows = issues.filter(({ row }) => row !== undefined)
  return (
    <li className="flex gap-2">
      <span className="mt-1.5">
        <Dot tone={severity === 'error' ? 'bad' : 'warn'} />
      </span>
      <span className="grid min-w-0 gap-1">
        <span>
          <span className="sr-only">{t(severity)} </span>
          {words(group, verdict)}
        </span>
        {rows.length > 0 && (
          <span className="flex flex-wrap gap-x-3 gap-y-1 text-meta">
            {rows.map((issue) => (
              <button
                key={issue.line}
                type="button"
                className="rounded-xs text-start text-accent hover:underline"
                onClick={() => onGoTo(issue)}
              >
                {rowWords(issue)}
              </button>
            ))}
            {count > rows.length && (
              <span className="text-3">{t('more', { count: count - rows.length })}</span>
            )}
          </span>
        )}
      </span>
    </li>
  )
}

function Found({ datasetId, base, onGoTo }: ModelVerdictProps & { base: Base }) {
  const { count: figure } = useFormat()
  const t = useTranslations('verdict')
  const heading = useId()
  const { data: verdict } = useQuery(verdictQuery(datasetId, { ...base, split: 'train' }))
  if (!verdict || verdict.rows === 0) return null
  // The number of rows is an issue of the dataset, and the issue list shows it.
  const groups = verdict.groups.filter(({ rule }) => rule !== 'too-few-rows')
  return (
    <section aria-labelledby={heading} className="grid gap-2 border-b px-4 py-3">
      <h3 id={heading} className="font-medium">
        {t.rich('title', { model: base.model, id: (words) => <bdi dir="ltr">{words}</bdi> })}
      </h3>
      {groups.length === 0 ? (
        <State tone="ok" quiet className="items-baseline whitespace-normal!">
          {t('fits', {
            rows: verdict.rows,
            context: verdict.context === null ? 'none' : figure(verdict.context),
          })}
        </State>
      ) : (
        <ul className="grid gap-2 text-2">
          {groups.map((group) => (
            <FaultItem
              key={`${group.severity} ${group.rule}`}
              group={group}
              verdict={verdict}
              onGoTo={onGoTo}
            />
          ))}
        </ul>
      )}
    </section>
  )
}

/** Issues that the selected model has with the rows. */
export function ModelVerdict(props: ModelVerdictProps) {
  const { base } = useBase(useBases())
  return base && <Found base={base} {...props} />
}
