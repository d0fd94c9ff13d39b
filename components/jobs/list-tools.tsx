'use client'
import ArrowDownUp from 'lucide-react/icons/arrow-down-up'
import ChevronDown from 'lucide-react/icons/chevron-down'
import ListFilter from 'lucide-react/icons/list-filter'
import Search from 'lucide-react/icons/search'
import { useEffect, useRef, useState } from 'react'
import { useTranslations } from 'use-intl'
import { shortName } from '#components/models/model-options.ts'
import { useProviderName } from '#components/providers/use-provider-name.ts'
import { Button } from '#components/ui/button.tsx'
import { cn } from '#components/ui/cn.ts'
import { IconButton } from '#components/ui/icon-button.tsx'
import { Input } from '#components/ui/input.tsx'
import { Kbd } from '#components/ui/kbd.tsx'
import { Menu } from '#components/ui/menu.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import { useKeys } from '#components/ui/use-keys.ts'
import { ViewsMenu } from '#components/views/views-menu.tsx'
import { JOB_SORTS } from '#lib/jobs/constants.ts'
import type { JobListPage } from '#lib/jobs/schema.ts'
import { useStatusWord } from './job-state.tsx'
import {
  type Change,
  FILTERS,
  type FilterName,
  firstOrder,
  isNarrowed,
  type ListView,
  NO_FILTER,
  queryOf,
} from './list-address.ts'

/** Debounce of the search field, in ms. */
const PAUSE = 200

interface ToolsProps {
  view: ListView
  page: JobListPage | undefined
  onChange: (part: Change, how?: 'push' | 'replace') => void
}

function SearchField({ view, onChange }: Omit<ToolsProps, 'page'>) {
  const t = useTranslations('jobList')
  const [text, setText] = useState(view.q)
  const [seen, setSeen] = useState(view.q)
  const field = useRef<HTMLInputElement>(null)
  const [asked, setAsked] = useState(view.q)
  useKeys({ '/': () => field.current?.focus() })
  // The URL changed. If this field did not cause the change, copy the new value.
  if (view.q !== seen) {
    setSeen(view.q)
    if (view.q !== asked) setText(view.q)
    setAsked(view.q)
  }
  useEffect(() => {
    if (text === asked) return
    const timer = setTimeout(() => {
      setAsked(text)
      onChange({ q: text }, 'replace')
    }, PAUSE)
    return () => clearTimeout(timer)
  }, [text, asked, onChange])
  return (
    <Input
      ref={field}
      type="search"
      value={text}
      onValueChange={setText}
      aria-label={t('search')}
      placeholder={t('search')}
      leading={<Search size={14} aria-hidden />}
      trailing={<Kbd>/</Kbd>}
      className="min-w-0 flex-1 sm:w-44 sm:flex-none wide:w-64"
    />
  )
}

interface Choice {
  value: string
  label: string
  /** Number of jobs with this value. */
  count: number
}

function useChoices(page: JobListPage | undefined): Record<FilterName, Choice[]> {
  const word = useStatusWord()
  const nameOf = useProviderName()
  const { states = [], models = [], datasets = [], providers = [], tags = [] } = page ?? {}
  return {
    state: states.map(({ status, count }) => ({ value: status, label: word(status), count })),
    model: models.map(({ model, count }) => ({ value: model, label: shortName(model), count })),
    dataset: datasets.map(({ id, name, count }) => ({ value: id, label: name, count })),
    provider: providers.map(({ id, count }) => ({ value: id, label: nameOf(id), count })),
    tag: tags.map(({ tag, count }) => ({ value: tag, label: tag, count })),
  }
}

type PartProps = Pick<ToolsProps, 'view' | 'onChange'>

function Filter({ name, choices, view, onChange }: PartProps & { name: FilterName; choices: Choice[] }) {
  const { count } = useFormat()
  const t = useTranslations('jobList')
  const chosen = view[name]
  const toggle = (value: string) =>
    onChange(({ [name]: now }) => ({
      [name]: now.includes(value) ? now.filter((one) => one !== value) : [...now, value],
    }))
  return (
    <Menu
      label={t(`filter.${name}`)}
      align="start"
      trigger={
        <Button disabled={choices.length === 0}>
          <span className="inline-flex items-center gap-1.5">
            {t(`filter.${name}`)}
            {chosen.length > 0 && <span className="text-accent tabular-nums">{chosen.length}</span>}
            <ChevronDown size={14} aria-hidden />
          </span>
        </Button>
      }
      items={choices.map(({ value, label, count: runs }) => ({
        label: `${label} ${count(runs)}`,
        checked: chosen.includes(value),
        onSelect: () => toggle(value),
      }))}
    />
  )
}

/** Sort order, also available where the table headers are not visible. */
function Order({ view, onChange }: PartProps) {
  const t = useTranslations('jobList')
  return (
    <Menu
      label={t('order')}
      trigger={
        <Button variant="ghost" icon={<ArrowDownUp size={14} aria-hidden />}>
          <span className="sr-only">{t('order')}: </span>
          {t(`columns.${view.sort}`)}
        </Button>
      }
      items={[
        ...JOB_SORTS.map((sort) => ({
          label: t(`columns.${sort}`),
          checked: view.sort === sort,
          onSelect: () => onChange({ sort, order: firstOrder(sort) }),
        })),
        null,
        ...(['asc', 'desc'] as const).map((order) => ({
          label: t(order),
          checked: view.order === order,
          onSelect: () => onChange({ order }),
        })),
      ]}
    />
  )
}

/** Search, filters and sort order. Every choice is in the URL. */
export function ListTools({ view, page, onChange }: ToolsProps) {
  const t = useTranslations('jobList')
  const choices = useChoices(page)
  const [open, setOpen] = useState(false)
  return (
    <search className="flex flex-wrap items-center gap-2">
      <SearchField view={view} onChange={onChange} />
      <span className="sm:hidden">
        <IconButton
          variant={isNarrowed(view) ? 'primary' : 'default'}
          label={t('filters')}
          aria-expanded={open}
          onClick={() => setOpen(!open)}
        >
          <ListFilter size={16} aria-hidden />
        </IconButton>
      </span>
      <div className={cn('w-full flex-wrap items-center gap-2 sm:contents', open ? 'flex' : 'hidden')}>
        {FILTERS.map((name) => (
          <Filter key={name} name={name} choices={choices[name]} view={view} onChange={onChange} />
        ))}
        {(view.archived || (page?.archived ?? 0) > 0) && (
          <Button
            variant={view.archived ? 'primary' : 'default'}
            aria-pressed={view.archived}
            onClick={() => onChange({ ...NO_FILTER, archived: !view.archived })}
          >
            {t('archived', { count: page?.archived ?? 0 })}
          </Button>
        )}
        {isNarrowed(view) && (
          <Button variant="ghost" onClick={() => onChange(NO_FILTER)}>
            {t('clear')}
          </Button>
        )}
        <span className="ms-auto flex items-center gap-2">
          <ViewsMenu list="jobs" query={queryOf(view)} />
          <Order view={view} onChange={onChange} />
        </span>
      </div>
    </search>
  )
}
