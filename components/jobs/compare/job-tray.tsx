'use client'
import Eye from 'lucide-react/icons/eye'
import EyeOff from 'lucide-react/icons/eye-off'
import Focus from 'lucide-react/icons/focus'
import X from 'lucide-react/icons/x'
import { useTranslations } from 'use-intl'
import { IconButton } from '#components/ui/icon-button.tsx'
import { Panel, PanelHead } from '#components/ui/panel.tsx'
import type { Series } from '#components/ui/series.ts'
import { TextLink } from '#components/ui/text-link.tsx'
import { jobName } from '../job-name.ts'
import { JobState } from '../job-state.tsx'
import { JobTile } from '../job-tile.tsx'
import type { Compared } from './use-compared.ts'

interface TrayProps {
  compared: readonly Compared[]
  hidden: ReadonlySet<string>
  onToggle: (jobId: string) => void
  onSolo: (jobId: string) => void
  onRemove: (jobId: string) => void
}

function Entry({
  one,
  isHidden,
  ...acts
}: Omit<TrayProps, 'compared' | 'hidden'> & { one: Compared; isHidden: boolean }) {
  const t = useTranslations('jobList.compare')
  const { job, colour } = one
  const named = { name: jobName(job), number: job.number }
  return (
    <li className="flex items-center gap-2.5 px-4 py-1.5">
      <JobTile number={job.number} series={isHidden ? undefined : (colour as Series)} />
      <TextLink href={`/jobs/${job.id}`} className="min-w-0 truncate text-1!">
        <bdi>{named.name}</bdi> <span className="text-3">{named.number}</span>
      </TextLink>
      <JobState status={job.status} quiet />
      <span className="ms-auto flex shrink-0">
        <IconButton
          size="sm"
          label={t(isHidden ? 'show' : 'hide', named)}
          aria-pressed={!isHidden}
          onClick={() => acts.onToggle(job.id)}
        >
          {isHidden ? <EyeOff size={14} aria-hidden /> : <Eye size={14} aria-hidden />}
        </IconButton>
        <IconButton size="sm" label={t('solo', named)} onClick={() => acts.onSolo(job.id)}>
          <Focus size={14} aria-hidden />
        </IconButton>
        <IconButton size="sm" label={t('remove', named)} onClick={() => acts.onRemove(job.id)}>
          <X size={14} aria-hidden />
        </IconButton>
      </span>
    </li>
  )
}

/** The jobs on the chart: hide, isolate or remove each one. */
export function JobTray({ compared, hidden, ...acts }: TrayProps) {
  const t = useTranslations('jobList.compare')
  return (
    <Panel aria-label={t('tray')}>
      <PanelHead title={t('tray')} />
      <ul className="py-1">
        {compared.map((one) => (
          <Entry key={one.job.id} one={one} isHidden={hidden.has(one.job.id)} {...acts} />
        ))}
      </ul>
    </Panel>
  )
}
