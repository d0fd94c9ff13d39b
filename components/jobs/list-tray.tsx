'use client'
import X from 'lucide-react/icons/x'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'use-intl'
import { shortName } from '#components/models/model-options.ts'
import { IconButton } from '#components/ui/icon-button.tsx'
import { Kbd } from '#components/ui/kbd.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { useKeys } from '#components/ui/use-keys.ts'
import type { Job } from '#lib/jobs/schema.ts'
import { RunTile } from './run-tile.tsx'
import type { Choice } from './use-choice.ts'

const differing = {
  model: ({ model }: Job) => shortName(model),
  data: ({ datasetName, datasetVersion }: Job) =>
    datasetName && `${datasetName}${datasetVersion ? ` v${datasetVersion.number}` : ''}`,
  steps: ({ totalSteps }: Job) => totalSteps,
} as const

/** The first thing that the chosen runs differ in, in words. */
function useDifference(chosen: readonly Job[]): string {
  const t = useTranslations('runs.tray')
  for (const [name, read] of Object.entries(differing)) {
    const values = [...new Set(chosen.map((job) => read(job) ?? '–'))]
    if (values.length > 1) return t(name as keyof typeof differing, { values: values.join(', ') })
  }
  return t('same')
}

/** What was chosen, and the way to see it together. */
export function ListTray({ choice }: { choice: Choice }) {
  const t = useTranslations('runs.tray')
  const router = useRouter()
  const { chosen, colourOf, clear } = choice
  const address = `/jobs/compare?runs=${chosen.map(({ id }) => id).join(',')}`
  const ready = chosen.length > 1
  useKeys({ c: () => (ready ? router.push(address) : false) })
  const difference = useDifference(chosen)
  if (chosen.length === 0) return null
  return (
    <section
      aria-label={t('label')}
      className="fixed inset-x-3 bottom-18 z-20 mx-auto flex w-fit max-w-full flex-wrap sm:bottom-4 items-center gap-3 rounded-lg border bg-overlay px-4 py-2.5 shadow-popover"
    >
      <span className="flex gap-1.5">
        {chosen.map(({ id, number }) => (
          <RunTile key={id} number={number} series={colourOf(id)} />
        ))}
      </span>
      <span role="status">
        <b className="font-medium">{t('count', { count: chosen.length })}</b>{' '}
        <span className="text-3 text-meta">{ready ? difference : t('more')}</span>
      </span>
      {ready && (
        <LinkButton variant="primary" href={address}>
          <span className="inline-flex items-center gap-2" data-hotkey="c">
            {t('compare')}
            <span aria-hidden="true" className="hidden sm:inline">
              <Kbd>C</Kbd>
            </span>
          </span>
        </LinkButton>
      )}
      <IconButton label={t('clear')} onClick={clear}>
        <X size={16} aria-hidden />
      </IconButton>
    </section>
  )
}
