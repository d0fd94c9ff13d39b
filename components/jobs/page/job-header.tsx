'use client'
import { useQuery } from '@tanstack/react-query'
import Columns2 from 'lucide-react/icons/columns-2'
import Ellipsis from 'lucide-react/icons/ellipsis'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useScores } from '#components/evals/use-scores.ts'
import { useCopyLinkItem } from '#components/shell/copy-link.tsx'
import { PageHeader } from '#components/shell/page-header.tsx'
import { Button } from '#components/ui/button.tsx'
import { Chip } from '#components/ui/chip.tsx'
import { IconButton } from '#components/ui/icon-button.tsx'
import { Kbd } from '#components/ui/kbd.tsx'
import { lazily } from '#components/ui/lazily.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { Menu } from '#components/ui/menu.tsx'
import { useKeys } from '#components/ui/use-keys.ts'
import type { JobDetail } from '#lib/jobs/schema.ts'
import { isActive } from '#lib/jobs/status.ts'
import { providersQuery } from '#lib/providers/queries.ts'
import { trainers } from '../form-draft.ts'
import { jobName } from '../job-name.ts'
import { JobTile } from '../job-tile.tsx'
import { useJobActions } from '../organise/use-job-actions.tsx'
import { CancelButton } from './cancel-button.tsx'
import { checkpointAddress, rowsOf } from './checkpoint-rows.ts'
import { NotifyButton } from './notify-button.tsx'
import { PauseButton, type Pausing } from './pause-button.tsx'
import { UseMenu } from './use-menu.tsx'

const icon = <Columns2 size={16} aria-hidden />

/**
 * Compares the model with the best held-out score; without scores the final model, or the last checkpoint of a
 * cancelled job.
 */
function compareAddress(job: JobDetail, best: string | undefined): string | null {
  if (best) return checkpointAddress(job, best)
  if (job.status === 'succeeded') return `/playground?job=${job.id}`
  const [kept] = isActive(job.status) ? [] : rowsOf(job)
  return kept ? checkpointAddress(job, kept.model) : null
}

/** The button keeps its place before and after there is something to compare. */
function Compare({ job }: { job: JobDetail }) {
  const t = useTranslations('jobs')
  const router = useRouter()
  const { data: scores } = useScores(job)
  const best = scores?.steps.find(({ step, final }) => step === scores.best && !final)
  const address = compareAddress(job, best?.model)
  useKeys({ c: () => (address ? router.push(address) : false) })
  if (address) {
    return (
      <LinkButton variant="primary" icon={icon} href={address}>
        <span className="inline-flex items-center gap-2" data-hotkey="c">
          {t('compare')}
          <span aria-hidden="true" className="hidden sm:inline">
            <Kbd>C</Kbd>
          </span>
        </span>
      </LinkButton>
    )
  }
  return (
    // On a phone its place is needed for what can be done now.
    <span className={isActive(job.status) ? 'hidden sm:contents' : 'contents'}>
      <Button disabled reason={t('compareWhy')} icon={icon}>
        {t('compare')}
      </Button>
    </span>
  )
}

const ElsewhereDialog = lazily(() =>
  import('./elsewhere-dialog.tsx').then((module) => module.ElsewhereDialog),
)

function More({ job }: { job: JobDetail }) {
  const t = useTranslations('jobs')
  const elsewhere = useTranslations('launch.elsewhere')
  const [isMoving, setMoving] = useState(false)
  const { data: providers = [] } = useQuery(providersQuery())
  const hasOthers = trainers(providers).some(({ id }) => id !== job.providerId)
  const router = useRouter()
  const { itemsOf, dialog } = useJobActions(() => router.push('/jobs'))
  const copyLink = useCopyLinkItem()
  return (
    <>
      <Menu
        label={t('more')}
        trigger={
          <IconButton label={t('more')} variant="default">
            <Ellipsis size={16} aria-hidden />
          </IconButton>
        }
        items={[
          { label: t('again'), href: `/jobs/new?from=${job.id}` },
          ...(hasOthers ? [{ label: elsewhere('action'), onSelect: () => setMoving(true) }] : []),
          copyLink,
          ...itemsOf(job),
        ]}
      />
      {isMoving && <ElsewhereDialog job={job} onClose={() => setMoving(false)} />}
      {dialog}
    </>
  )
}

interface JobHeaderProps {
  job: JobDetail
  pausing: Pausing
  /** Base URL of `/v1`. */
  baseURL: string
}

export function JobHeader({ job, pausing, baseURL }: JobHeaderProps) {
  const t = useTranslations('jobs')
  const name = jobName(job)
  const number = t('number', { number: job.number })
  const isNamed = name !== `#${job.number}`
  return (
    <PageHeader
      crumbs={[{ label: t('title'), href: '/jobs' }, { label: isNamed ? name : number }]}
      lead={<JobTile number={job.number} />}
      meta={
        <>
          {isNamed && number}
          {job.archivedAt !== null && <Chip>{t('archived')}</Chip>}
        </>
      }
    >
      {isActive(job.status) && (
        <span className="hidden sm:contents">
          <NotifyButton />
        </span>
      )}
      <PauseButton {...pausing} />
      {isActive(job.status) && <CancelButton job={job} />}
      {!isActive(job.status) && (
        <span className="hidden sm:contents">
          <LinkButton href={`/jobs/new?from=${job.id}`}>{t('again')}</LinkButton>
        </span>
      )}
      <span className="hidden sm:contents">
        <UseMenu job={job} baseURL={baseURL} />
      </span>
      <Compare job={job} />
      <More job={job} />
    </PageHeader>
  )
}
