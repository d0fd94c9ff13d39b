'use client'
import { useTranslations } from 'use-intl'
import { useProviderName } from '#components/providers/use-provider-name.ts'
import { Button } from '#components/ui/button.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import { LIST_PAGE } from '#lib/jobs/constants.ts'
import type { JobListPage } from '#lib/jobs/schema.ts'
import type { Spending } from '#lib/providers/schema.ts'

function Spent({ spending }: { spending: readonly Spending[] }) {
  const { dollars } = useFormat()
  const t = useTranslations()
  const nameOf = useProviderName()
  return spending.map(({ providerId, spent, reserved, monthlyCap }) => (
    <span key={providerId} className="tabular-nums">
      {t.rich('jobList.spent', {
        provider: nameOf(providerId),
        sum: dollars(spent + reserved),
        cap: monthlyCap === null ? 'none' : dollars(monthlyCap),
        b: (words) => <b className="font-semibold text-1">{words}</b>,
      })}
    </span>
  ))
}

interface FootProps {
  page: JobListPage
  onPage: (page: number) => void
}

/** Position in the list, total number of jobs, and cost of this month so far. */
export function ListFoot({ page, onPage }: FootProps) {
  const { count } = useFormat()
  const t = useTranslations('jobList')
  const pages = Math.max(1, Math.ceil(page.total / LIST_PAGE))
  const first = (page.page - 1) * LIST_PAGE + 1
  const last = first + page.jobs.length - 1
  return (
    <footer className="flex flex-wrap items-center gap-x-4 gap-y-2 text-3 text-meta">
      <span className="tabular-nums">
        {page.jobs.length > 0 &&
          t('range', { first: count(first), last: count(last), total: count(page.total) })}
      </span>
      {pages > 1 && (
        <nav aria-label={t('pages')} className="flex gap-2">
          <Button size="sm" disabled={page.page <= 1} onClick={() => onPage(page.page - 1)}>
            {t('previous')}
          </Button>
          <Button size="sm" disabled={page.page >= pages} onClick={() => onPage(page.page + 1)}>
            {t('next')}
          </Button>
        </nav>
      )}
      <span className="ms-auto flex flex-wrap gap-x-4">
        <Spent spending={page.spending} />
      </span>
    </footer>
  )
}
