'use client'
import Download from 'lucide-react/icons/download'
import Square from 'lucide-react/icons/square'
import { useTranslations } from 'use-intl'
import { CopyLink } from '#components/shell/copy-link.tsx'
import { PageHeader } from '#components/shell/page-header.tsx'
import { Button } from '#components/ui/button.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { csvAddress } from '#lib/evals/queries.ts'
import type { EvalPage } from '#lib/evals/schema.ts'
import { useEvalTitle } from '../names.ts'
import type { EvalActions } from './use-eval-action.ts'

/** An active evaluation can be stopped; a stopped one can be resumed. */
function EvalStatus({ page, actions: { stop, resume } }: { page: EvalPage; actions: EvalActions }) {
  const t = useTranslations('evals.page')
  if (page.state === 'running' || page.state === 'paused')
    return (
      <Button
        icon={<Square size={14} aria-hidden />}
        busy={stop.isPending}
        busyLabel={t('stopping')}
        onClick={() => stop.mutate()}
      >
        {t('stop')}
      </Button>
    )
  if (page.state === 'failed' || (page.state === 'stopped' && page.done < page.cells))
    return (
      <Button busy={resume.isPending} busyLabel={t('resuming')} onClick={() => resume.mutate({})}>
        {t('resume')}
      </Button>
    )
  return null
}

export function EvalHeader({ page, actions }: { page: EvalPage; actions: EvalActions }) {
  const t = useTranslations('evals')
  const { jobId, id } = page
  return (
    <PageHeader crumbs={[{ label: t('title'), href: '/evals' }, { label: useEvalTitle()(page) }]}>
      {jobId && (
        <span className="hidden sm:contents">
          <LinkButton variant="ghost" href={`/jobs/${jobId}`}>
            {t('page.ofRun')}
          </LinkButton>
        </span>
      )}
      <CopyLink />
      <LinkButton
        href={csvAddress(id)}
        download
        prefetch={false}
        aria-label={t('page.csv')}
        title={t('page.csv')}
        icon={<Download size={16} aria-hidden />}
      />
      <EvalStatus page={page} actions={actions} />
    </PageHeader>
  )
}
