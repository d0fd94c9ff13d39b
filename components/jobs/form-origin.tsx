'use client'
import { useQuery } from '@tanstack/react-query'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { Menu } from '#components/ui/menu.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import { presentJobsQuery } from '#lib/jobs/queries.ts'
import type { Change } from './form-changes.ts'
import { jobName } from './job-name.ts'

/** Maximum number of source jobs in the menu. */
const OFFERED = 12

/** Menu of source jobs. */
export function StartFrom() {
  const t = useTranslations('launch')
  const { data: jobs = [] } = useQuery(presentJobsQuery())
  if (jobs.length === 0) return null
  return (
    <Menu
      label={t('startFrom')}
      trigger={<Button variant="ghost">{t('startFrom')}</Button>}
      items={jobs.slice(0, OFFERED).map((job) => ({
        label: `${jobName(job)} ${job.number}`,
        href: `/jobs/new?from=${job.id}`,
      }))}
    />
  )
}

/** Differences from the source job. */
export function ChangedFrom({ number, changes }: { number: number; changes: readonly Change[] }) {
  const { list } = useFormat()
  const t = useTranslations('launch.changes')
  if (changes.length === 0) return <p className="text-3 text-meta">{t('none', { number })}</p>
  const words = changes.map(({ name, before, after }) =>
    before === after ? t('otherRows', { name: t(name) }) : t('one', { name: t(name), before, after }),
  )
  return <p className="wrap-anywhere text-3 text-meta">{t('some', { number, changes: list(words) })}</p>
}

/** Says that an unsent draft was restored. */
export function DraftKept({ onRestart }: { onRestart: () => void }) {
  const t = useTranslations('launch.draft')
  return (
    <span className="flex items-center gap-2 text-3 text-meta">
      {t('kept')}
      <Button size="sm" variant="ghost" onClick={onRestart}>
        {t('restart')}
      </Button>
    </span>
  )
}
