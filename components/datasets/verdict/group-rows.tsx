'use client'
import { Fragment } from 'react'
import { useTranslations } from 'use-intl'
import { TextLink } from '#components/ui/text-link.tsx'
import type { IssueGroup } from '#lib/training-data/schema.ts'
import { useRowWords } from './use-group-words.ts'

/** Rows listed one by one. */
const NAMED = 5

/** The first rows with an issue, each a link to the row. */
export function GroupRows({ datasetId, group }: { datasetId: string; group: IssueGroup }) {
  const t = useTranslations('verdict')
  const words = useRowWords()
  const rows = group.issues.filter(({ row }) => row !== undefined).slice(0, NAMED)
  if (rows.length === 0) return null
  return (
    <span className="text-3">
      {rows.map((issue, index) => (
        <Fragment key={issue.line}>
          {index > 0 && ', '}
          <TextLink href={`/datasets/${datasetId}?row=${issue.line}`} className="font-normal">
            {words(issue)}
          </TextLink>
        </Fragment>
      ))}
      {group.count > rows.length && ` ${t('more', { count: group.count - rows.length })}`}
    </span>
  )
}
