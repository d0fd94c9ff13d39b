'use client'
import Columns2 from 'lucide-react/icons/columns-2'
import Ellipsis from 'lucide-react/icons/ellipsis'
import { useTranslations } from 'use-intl'
import { PageHeader } from '#components/shell/page-header.tsx'
import { Button } from '#components/ui/button.tsx'
import { IconButton } from '#components/ui/icon-button.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { Menu } from '#components/ui/menu.tsx'
import { isActive, type JobDetail } from '#lib/jobs/schema.ts'
import { runName } from '../run-name.ts'
import { RunTile } from '../run-tile.tsx'
import { CancelButton } from './cancel-button.tsx'

const icon = <Columns2 size={16} aria-hidden />

/** The same button in the same place, before and after there is something to compare. */
function Compare({ job }: { job: JobDetail }) {
  const t = useTranslations('jobs')
  if (job.status === 'succeeded') {
    return (
      <LinkButton variant="primary" icon={icon} href={`/playground?job=${job.id}`}>
        {t('compare')}
      </LinkButton>
    )
  }
  return (
    <Button disabled reason={t('compareWhy')} icon={icon}>
      {t('compare')}
    </Button>
  )
}

function Again({ job }: { job: JobDetail }) {
  const t = useTranslations('jobs')
  const href = `/jobs/new?from=${job.id}`
  return (
    <>
      <span className="hidden sm:contents">
        <LinkButton href={href}>{t('again')}</LinkButton>
      </span>
      <span className="contents sm:hidden">
        <Menu
          label={t('more')}
          trigger={
            <IconButton label={t('more')} variant="default">
              <Ellipsis size={16} aria-hidden />
            </IconButton>
          }
          items={[{ label: t('again'), href }]}
        />
      </span>
    </>
  )
}

export function JobHeader({ job }: { job: JobDetail }) {
  const t = useTranslations('jobs')
  const name = runName(job)
  const number = t('number', { number: job.number })
  const isNamed = name !== `#${job.number}`
  return (
    <PageHeader
      crumbs={[{ label: t('title'), href: '/jobs' }, { label: isNamed ? name : number }]}
      lead={<RunTile number={job.number} />}
      meta={isNamed && number}
    >
      {isActive(job.status) && <CancelButton job={job} />}
      {!isActive(job.status) && <Again job={job} />}
      <Compare job={job} />
    </PageHeader>
  )
}
