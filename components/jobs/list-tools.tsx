'use client'
import ChevronDown from 'lucide-react/icons/chevron-down'
import Search from 'lucide-react/icons/search'
import { useEffect, useRef, useState } from 'react'
import { useTranslations } from 'use-intl'
import { shortName } from '#components/models/model-options.ts'
import { Button } from '#components/ui/button.tsx'
import { count } from '#components/ui/format.ts'
import { Input } from '#components/ui/input.tsx'
import { Kbd } from '#components/ui/kbd.tsx'
import { Menu } from '#components/ui/menu.tsx'
import { useKeys } from '#components/ui/use-keys.ts'
import type { JobListPage } from '#lib/jobs/schema.ts'
import { useStatusWord } from './job-state.tsx'
import { FILTERS, type FilterName, isNarrowed, type ListView } from './list-address.ts'

/** ms after the last letter until the list is asked for. */
const PAUSE = 200

interface ToolsProps {
  view: ListView
  page: JobListPage | undefined
  onChange: (part: Partial<ListView>, how?: 'push' | 'replace') => void
}

function SearchField({ view, onChange }: Omit<ToolsProps, 'page'>) {
  const t = useTranslations('runs')
  const [text, setText] = useState(view.q)
  const [seen, setSeen] = useState(view.q)
  const field = useRef<HTMLInputElement>(null)
  const asked = useRef(view.q)
  useKeys({ '/': () => field.current?.focus() })
  // The address says something new: where it was not this field that asked, the field follows.
  if (view.q !== seen) {
    setSeen(view.q)
    if (view.q !== asked.current) setText(view.q)
    asked.current = view.q
  }
  useEffect(() => {
    if (text === asked.current) return
    const timer = setTimeout(() => {
      asked.current = text
      onChange({ q: text }, 'replace')
    }, PAUSE)
    return () => clearTimeout(timer)
  }, [text, onChange])
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
      className="w-full sm:w-64"
    />
  )
}

interface Choice {
  value: string
  label: string
  /** Runs that have it. */
  count: number
}

function useChoices(page: JobListPage | undefined): Record<FilterName, Choice[]> {
  const word = useStatusWord()
  const t = useTranslations('jobs.page.provider')
  const { states = [], models = [], datasets = [], providers = [] } = page ?? {}
  return {
    state: states.map(({ status, count }) => ({ value: status, label: word(status), count })),
    model: models.map(({ model, count }) => ({ value: model, label: shortName(model), count })),
    dataset: datasets.map(({ id, name, count }) => ({ value: id, label: name, count })),
    provider: providers.map(({ id, count }) => ({ value: id, label: t(id), count })),
  }
}

/** Search and filters. Every choice is in the address. */
export function ListTools({ view, page, onChange }: ToolsProps) {
  const t = useTranslations('runs')
  const choices = useChoices(page)
  const toggle = (name: FilterName, value: string) =>
    onChange({
      [name]: view[name].includes(value) ? view[name].filter((one) => one !== value) : [...view[name], value],
    })
  return (
    <search className="flex flex-wrap items-center gap-2">
      <SearchField view={view} onChange={onChange} />
      {FILTERS.map((name) => (
        <Menu
          key={name}
          label={t(`filter.${name}`)}
          align="start"
          trigger={
            <Button disabled={choices[name].length === 0}>
              <span className="inline-flex items-center gap-1.5">
                {t(`filter.${name}`)}
                {view[name].length > 0 && (
                  <span className="text-accent tabular-nums">{view[name].length}</span>
                )}
                <ChevronDown size={14} aria-hidden />
              </span>
            </Button>
          }
          items={choices[name].map(({ value, label, count: runs }) => ({
            label: `${label} ${count(runs)}`,
            checked: view[name].includes(value),
            onSelect: () => toggle(name, value),
          }))}
        />
      ))}
      {isNarrowed(view) && (
        <Button
          variant="ghost"
          onClick={() => onChange({ q: '', state: [], model: [], dataset: [], provider: [] })}
        >
          {t('clear')}
        </Button>
      )}
    </search>
  )
}
