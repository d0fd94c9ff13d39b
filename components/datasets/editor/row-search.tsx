'use client'
import ListFilter from 'lucide-react/icons/list-filter'
import Search from 'lucide-react/icons/search'
import X from 'lucide-react/icons/x'
import { useEffect, useState } from 'react'
import { useTranslations } from 'use-intl'
import { Field } from '#components/ui/field.tsx'
import { IconButton } from '#components/ui/icon-button.tsx'
import { Input } from '#components/ui/input.tsx'
import { Kbd } from '#components/ui/kbd.tsx'
import { Popover } from '#components/ui/popover.tsx'
import { Select } from '#components/ui/select.tsx'
import { type DatasetReport, Review, type RowFilter, type Split } from '#lib/datasets/schema.ts'
import type { RuleId } from '#lib/training-data/issue.ts'
import { Role } from '#lib/training-data/schema.ts'

/** ms without a keystroke before the search runs. */
const SETTLED = 200
/** Value of the option "any" in a select. */
const ANY = 'any'

export interface RowSearchProps {
  filter: RowFilter
  byRule: DatasetReport['byRule'] | undefined
  tags: DatasetReport['tags']
  /** Rows that match the filter. */
  total: number
  onFilter: (filter: RowFilter) => void
}

function Choices({ filter, byRule, tags, onFilter }: Omit<RowSearchProps, 'total'>) {
  const t = useTranslations('datasets.filter')
  const roles = useTranslations('datasets.turn.roles')
  const titles = useTranslations('ruleTitles')
  const states = useTranslations('datasets.marks')
  const set = (key: keyof RowFilter) => (value: string) =>
    onFilter({ ...filter, [key]: value === ANY ? undefined : value })
  const any = { value: ANY, label: t('any') }
  const rules = Object.entries(byRule ?? {}).map(([rule, count]) => ({
    value: rule,
    label: titles(rule as RuleId),
    detail: String(count),
  }))
  const splits: Split[] = ['train', 'heldout']
  return (
    <div className="grid gap-3">
      <Field label={t('rule')}>
        <Select value={filter.rule ?? ANY} onValueChange={set('rule')} options={[any, ...rules]} />
      </Field>
      <Field label={t('role')}>
        <Select
          value={filter.role ?? ANY}
          onValueChange={set('role')}
          options={[any, ...Role.options.map((role) => ({ value: role as string, label: roles(role) }))]}
        />
      </Field>
      <Field label={t('split')}>
        <Select
          value={filter.split ?? ANY}
          onValueChange={set('split')}
          options={[any, ...splits.map((split) => ({ value: split as string, label: t(split) }))]}
        />
      </Field>
      <Field label={t('review')}>
        <Select
          value={filter.review ?? ANY}
          onValueChange={set('review')}
          options={[
            any,
            ...Review.options.map((state) => ({ value: state as string, label: states(state) })),
          ]}
        />
      </Field>
      {(tags.length > 0 || filter.tag !== undefined) && (
        <Field label={t('tag')}>
          <Select
            value={filter.tag ?? ANY}
            onValueChange={set('tag')}
            options={[
              any,
              ...tags.map(({ tag, count }) => ({ value: tag, label: tag, detail: String(count) })),
            ]}
          />
        </Field>
      )}
    </div>
  )
}

/** The words of a filter's value. */
function useFilterWords() {
  const t = useTranslations('datasets.filter')
  const roles = useTranslations('datasets.turn.roles')
  const titles = useTranslations('ruleTitles')
  const states = useTranslations('datasets.marks')
  return ({ rule, role, split, review, tag }: RowFilter): Partial<Record<keyof RowFilter, string>> => ({
    rule: rule && (titles.has(rule as RuleId) ? titles(rule as RuleId) : rule),
    role: role && roles(role),
    split: split && t(split),
    review: review && states(review),
    tag,
  })
}

function Chosen({ filter, onFilter }: Pick<RowSearchProps, 'filter' | 'onFilter'>) {
  const t = useTranslations('datasets.filter')
  const words = useFilterWords()(filter)
  const chosen = (['rule', 'role', 'split', 'review', 'tag'] as const).filter(
    (key) => filter[key] !== undefined,
  )
  if (chosen.length === 0) return null
  return (
    <ul className="flex flex-wrap gap-1.5 border-b px-3 py-2">
      {chosen.map((key) => (
        <li key={key}>
          <button
            type="button"
            aria-label={t('remove', { value: words[key] ?? '' })}
            onClick={() => onFilter({ ...filter, [key]: undefined })}
            className="inline-flex h-6 items-center gap-1 rounded border bg-surface ps-2 pe-1 text-2 text-meta hover:bg-hover"
          >
            <bdi>{words[key]}</bdi>
            <X size={12} aria-hidden className="text-3" />
          </button>
        </li>
      ))}
    </ul>
  )
}

/** The search text and the other filters of the list. */
export function RowSearch({ filter, byRule, tags, total, onFilter }: RowSearchProps) {
  const t = useTranslations('datasets.filter')
  const [words, setWords] = useState(filter.q ?? '')
  useEffect(() => setWords(filter.q ?? ''), [filter.q])
  // biome-ignore lint/correctness/useExhaustiveDependencies: only typing starts a search
  useEffect(() => {
    if (words === (filter.q ?? '')) return
    const timer = setTimeout(() => onFilter({ ...filter, q: words }), SETTLED)
    return () => clearTimeout(timer)
  }, [words])
  return (
    <>
      <header className="flex min-h-12 items-center gap-2 border-b px-3">
        <Input
          type="search"
          data-search=""
          className="flex-1"
          aria-label={t('search', { count: total })}
          placeholder={t('search', { count: total })}
          value={words}
          onValueChange={setWords}
          onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
          leading={<Search size={14} aria-hidden />}
          trailing={words === '' && <Kbd>/</Kbd>}
        />
        <Popover
          label={t('title')}
          trigger={
            <IconButton label={t('title')} variant="default">
              <ListFilter size={16} aria-hidden />
            </IconButton>
          }
        >
          <Choices filter={filter} byRule={byRule} tags={tags} onFilter={onFilter} />
        </Popover>
      </header>
      <Chosen filter={filter} onFilter={onFilter} />
      <p role="status" className="sr-only">
        {t('found', { count: total })}
      </p>
    </>
  )
}
