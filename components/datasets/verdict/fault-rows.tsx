'use client'
import { Fragment } from 'react'
import { useTranslations } from 'use-intl'
import { TextLink } from '#components/ui/text-link.tsx'
import type { Fault } from '#lib/training-data/schema.ts'
import { useRowWords } from './use-fault-words.ts'

/** Rows listed one by one. */
const NAMED = 5

/** The first rows with an issue, each a link to the row. */
export function FaultRows({ datasetId, fault }: { datasetId: string; fault: Fault }) {
  const t = useTranslations('verdict')
  const words = useRowWords()
  const rows = fault.issues.filter(({ row }) => row !== undefined).slice(0, NAMED)
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
      {fault.count > rows.length && ` ${t('more', { count: fault.count - rows.length })}`}
    </span>
  )
}
