'use client'
import { useQuery } from '@tanstack/react-query'
import X from 'lucide-react/icons/x'
import { useRouter } from 'next/navigation'
import { useFormatter, useTranslations } from 'use-intl'
import { IconButton } from '#components/ui/icon-button.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { useKeys } from '#components/ui/use-keys.ts'
import { MOST_COMPARED } from '#lib/jobs/constants.ts'
import { comparisonQuery } from '#lib/jobs/queries.ts'
import type { Job } from '#lib/jobs/schema.ts'
import { useSay } from './compare/use-say.ts'
import { JobTile } from './job-tile.tsx'
import { BulkActions } from './organise/bulk-actions.tsx'
import type { Choice } from './use-choice.ts'

/** Settings, most informative first; derived settings are left out. */
const TELLING = [
  'nEpochs',
  'dataset',
  'learningRateMultiplier',
  'learningRate',
  'beta',
  'batchSize',
  'model',
  'provider',
  'validation',
  'systemPrompt',
  'seed',
] as const

/** Maximum length of a value that fits on the line. */
const LONGEST = 24

const clipped = (text: string): string => (text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text)

/** The first difference between the selected jobs, as text; null until it is known. */
function useDifference(chosen: readonly Job[]): string | null {
  const t = useTranslations('jobList.tray')
  const format = useFormatter()
  const say = useSay()
  const { data } = useQuery({ ...comparisonQuery(chosen.map(({ id }) => id)), enabled: chosen.length > 1 })
  if (!data) return null
  const differing = TELLING.flatMap((name) => {
    const setting = data.settings.find((one) => one.differs && one.name === name)
    return setting ? [{ name, values: setting.values }] : []
  })
  const [first] = differing
  if (!first) return t('same')
  const values = new Set(first.values.map((value) => clipped(say(first.name, value))))
  return t('differ', {
    what: t(`names.${first.name}`),
    values: format.list(values, { type: 'conjunction' }),
    more: differing.length - 1,
  })
}

/** The selected jobs, and the link that compares them. */
export function ListTray({ choice, jobs }: { choice: Choice; jobs: readonly Job[] | undefined }) {
  const t = useTranslations('jobList.tray')
  const router = useRouter()
  const { colourOf, clear, forget, isMany, isFull } = choice
  const fresh = new Map(jobs?.map((job) => [job.id, job]))
  const chosen = choice.chosen.map((job) => fresh.get(job.id) ?? job)
  const address = `/jobs/compare?runs=${chosen.map(({ id }) => id).join(',')}`
  const ready = chosen.length > 1 && !isMany
  useKeys({ c: () => (ready ? router.push(address) : false) })
  const difference = useDifference(ready ? chosen : [])
  if (chosen.length === 0) return null
  return (
    <section
      aria-label={t('label')}
      className="sticky bottom-0 z-20 mx-auto mt-auto flex max-w-full flex-wrap items-center gap-3 rounded-lg bg-overlay px-4 py-2.5 shadow-popover"
    >
      <span className="flex gap-1.5">
        {chosen.slice(0, MOST_COMPARED).map(({ id, number }) => (
          <JobTile key={id} number={number} series={colourOf(id)} />
        ))}
      </span>
      <span role="status">
        <b className="font-medium">{t('count', { count: chosen.length })}</b>{' '}
        <span className="text-3 text-meta">
          {[
            ready && difference,
            chosen.length === 1 && t('more'),
            isMany && t('most', { count: MOST_COMPARED }),
            isFull && t('full'),
          ]
            .filter(Boolean)
            .join('; ')}
        </span>
      </span>
      {ready && (
        <LinkButton variant="primary" href={address} hotkey="C" data-hotkey="c" aria-keyshortcuts="c">
          {t('compare')}
        </LinkButton>
      )}
      <BulkActions jobs={chosen} onDeleted={forget} onMoved={clear} />
      <IconButton label={t('clear')} onClick={clear}>
        <X size={16} aria-hidden />
      </IconButton>
    </section>
  )
}
