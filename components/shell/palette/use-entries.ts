import { useQuery } from '@tanstack/react-query'
import Archive from 'lucide-react/icons/archive'
import ChartLine from 'lucide-react/icons/chart-line'
import Check from 'lucide-react/icons/check'
import CircleHelp from 'lucide-react/icons/circle-question-mark'
import Disc from 'lucide-react/icons/disc'
import Keyboard from 'lucide-react/icons/keyboard'
import LanguagesIcon from 'lucide-react/icons/languages'
import Moon from 'lucide-react/icons/moon'
import Settings from 'lucide-react/icons/settings'
import Sun from 'lucide-react/icons/sun'
import { useMemo } from 'react'
import { useTranslations } from 'use-intl'
import { useEvalTitle } from '#components/evals/names.ts'
import { jobName } from '#components/jobs/job-name.ts'
import { compareAddress } from '#components/models/compare-address.ts'
import { refIn, refKey } from '#components/models/model-options.ts'
import { useModelTitle } from '#components/models/use-model-title.ts'
import { datasetsQuery } from '#lib/datasets/queries.ts'
import { evalsQuery } from '#lib/evals/queries.ts'
import { HELP_PAGES, helpAddress } from '#lib/help/pages.ts'
import { DEFAULT_LOCALE, LANGUAGES, type Language } from '#lib/i18n/locale.ts'
import { presentJobsQuery } from '#lib/jobs/queries.ts'
import { studioModelsQuery } from '#lib/models/queries.ts'
import { ruleDocs } from '#lib/training-data/rules/docs.ts'
import { addressOf } from '#lib/views/address.ts'
import { viewsQuery } from '#lib/views/queries.ts'
import { rooms } from '../rooms.ts'
import type { Entry, EntryGroup } from './entries.ts'

const languages = Object.keys(LANGUAGES) as Language[]

const link = (id: string, href: string, label: string, detail?: string): Entry => ({
  ...{ kind: 'link', id, href, label },
  ...(detail !== undefined && { detail }),
})

/** Everything that the palette knows, by group; lists that are not loaded yet are missing. */
export function useEntries(): EntryGroup[] {
  const t = useTranslations('palette')
  const shell = useTranslations('shell')
  const rules = useTranslations('ruleTitles')
  const models = useTranslations('models')
  const modelTitle = useModelTitle()
  const evalTitle = useEvalTitle()
  const language = useTranslations('language')
  const recording = useTranslations('recording')
  const rescue = useTranslations('rescue')
  const views = useTranslations('views')
  const help = useTranslations('help.pages')
  const { data: saved } = useQuery(viewsQuery())
  const { data: datasets } = useQuery(datasetsQuery())
  const { data: jobs } = useQuery(presentJobsQuery())
  const { data: evals } = useQuery(evalsQuery())
  const { data: table } = useQuery(studioModelsQuery())
  return useMemo(() => {
    const places = rooms.map(
      ({ name, href, icon }): Entry => ({ kind: 'link', id: href, label: shell(name), href, icon }),
    )
    const actions: Entry[] = [
      { kind: 'link', id: 'new job', label: t('newJob'), href: '/jobs/new', icon: ChartLine },
      { kind: 'link', id: 'new evaluation', label: t('newEval'), href: '/evals/new', icon: Check },
      { kind: 'link', id: 'record', label: recording('title'), href: '/evals/record', icon: Disc },
      { kind: 'link', id: 'rescue', label: rescue('title'), href: '/rescue', icon: Archive },
      { kind: 'theme', id: 'light', label: t('light'), theme: 'light', icon: Sun },
      { kind: 'theme', id: 'dark', label: t('dark'), theme: 'dark', icon: Moon },
      { kind: 'keys', id: 'keys', label: t('keys'), icon: Keyboard },
      { kind: 'link', id: 'settings', label: shell('settings'), href: '/settings', icon: Settings },
      { kind: 'link', id: 'help', label: shell('help'), href: '/help', icon: CircleHelp },
      ...languages.map(
        (name): Entry => ({
          ...{ kind: 'locale', locale: DEFAULT_LOCALE[name], id: `language ${name}` },
          ...{ label: LANGUAGES[name], detail: language('label'), icon: LanguagesIcon },
        }),
      ),
    ]
    return [
      { label: t('places'), items: places },
      { label: t('actions'), items: actions },
      {
        label: views('title'),
        items: (saved ?? []).map((view) => link(view.id, addressOf(view), view.name, shell(view.list))),
      },
      {
        label: shell('datasets'),
        items: (datasets ?? []).map(({ id, name }) => link(id, `/datasets/${id}`, name)),
      },
      {
        label: shell('jobs'),
        items: (jobs ?? []).map((job) => link(job.id, `/jobs/${job.id}`, jobName(job), `#${job.number}`)),
      },
      {
        label: shell('models'),
        items: (table?.models ?? []).map((model) =>
          link(refKey(refIn(model)), compareAddress(model), modelTitle(model), models(`kind.${model.kind}`)),
        ),
      },
      {
        label: shell('evals'),
        items: (evals ?? []).map((one) =>
          link(one.id, `/evals/${one.id}`, evalTitle(one), t('asked', { models: one.columns.length })),
        ),
      },
      {
        label: shell('help'),
        items: HELP_PAGES.map((name) => link(`help ${name}`, helpAddress(name), help(name))),
      },
      {
        label: t('rules'),
        items: ruleDocs.map(({ id }) => ({
          kind: 'rule' as const,
          id,
          label: rules(id),
          detail: id,
          isCode: true,
        })),
      },
    ]
  }, [
    t,
    shell,
    rules,
    models,
    modelTitle,
    evalTitle,
    language,
    recording,
    rescue,
    views,
    help,
    saved,
    datasets,
    jobs,
    evals,
    table,
  ])
}
