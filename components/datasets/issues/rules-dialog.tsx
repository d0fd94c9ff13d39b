'use client'
import ChevronRight from 'lucide-react/icons/chevron-right'
import { type ReactElement, useState } from 'react'
import { useTranslations } from 'use-intl'
import { Dialog } from '#components/ui/dialog.tsx'
import { Dot } from '#components/ui/dot.tsx'
import { Field } from '#components/ui/field.tsx'
import { Input } from '#components/ui/input.tsx'
import { ruleDocs } from '#lib/training-data/rules/docs.ts'
import type { RuleEntry } from '#lib/training-data/rules/entry.ts'
import { glimpse } from './visible.ts'

const groupNames = ['structure', 'messages', 'budget', 'quality', 'target'] as const

function Sample({ title, label, text }: { title: string; label: string; text: string }) {
  return (
    <figure aria-label={label} className="m-0 grid min-w-0 gap-1">
      <figcaption className="text-3 text-micro">{title}</figcaption>
      <p
        dir="ltr"
        className="wrap-anywhere whitespace-pre-wrap rounded-md border bg-sunken px-3 py-2 font-mono text-meta"
      >
        {glimpse(text)}
      </p>
    </figure>
  )
}

function Rule({ entry, open }: { entry: RuleEntry; open: boolean }) {
  const t = useTranslations('issues.rules')
  const why = useTranslations('ruleWhy')
  const titles = useTranslations('ruleTitles')
  const { id, severity, bad, good, heldout, repair } = entry
  return (
    <details open={open} className="group border-t first:border-t-0">
      <summary className="flex cursor-pointer flex-wrap items-center gap-x-2 gap-y-0.5 py-2 hover:bg-hover">
        <ChevronRight
          size={14}
          aria-hidden
          className="flip-rtl shrink-0 text-3 ltr:group-open:rotate-90 rtl:group-open:-rotate-90"
        />
        <Dot tone={severity === 'error' ? 'bad' : 'warn'} kind={severity === 'either' ? 'half' : 'full'} />
        <span className="font-medium">{titles(id)}</span>
        <bdi dir="ltr" className="font-mono text-3 text-micro">
          {id}
        </bdi>
        <span className="text-3 text-meta">{t(`severity.${severity}`)}</span>
        <span className="ms-auto text-3 text-meta">{t(`repair.${repair}`)}</span>
      </summary>
      <div className="grid gap-3 pt-1 pb-4">
        <p className="text-2">{why(id)}</p>
        <Sample title={t('bad')} label={t('badOf', { rule: titles(id) })} text={bad} />
        {heldout && <Sample title={t('heldout')} label={t('heldout')} text={heldout.bad} />}
        <Sample title={t('good')} label={t('goodOf', { rule: titles(id) })} text={heldout?.good ?? good} />
        <p className="text-3 text-meta">{t(`repairHint.${repair}`)}</p>
      </div>
    </details>
  )
}

function Rules({ about }: { about: string }) {
  const t = useTranslations('issues.rules')
  const why = useTranslations('ruleWhy')
  const titles = useTranslations('ruleTitles')
  const [filter, setFilter] = useState(about)
  const words = filter.toLowerCase().split(/\s+/)
  const found = ruleDocs.filter(({ id }) => {
    const text = `${id} ${titles(id)} ${why(id)}`.toLowerCase()
    return words.every((word) => text.includes(word))
  })
  return (
    <div className="grid gap-4">
      <Field label={t('filter')} hideLabel>
        <Input type="search" value={filter} onValueChange={setFilter} placeholder={t('filter')} />
      </Field>
      <p role="status" className={found.length === 0 ? 'text-3' : 'sr-only'}>
        {found.length === 0 ? t('none') : t('found', { count: found.length })}
      </p>
      {groupNames.map((group) => {
        const entries = found.filter((entry) => entry.group === group)
        if (entries.length === 0) return null
        return (
          <section key={group} aria-label={t(`groups.${group}`)}>
            <h3 className="font-semibold">{t(`groups.${group}`)}</h3>
            <div className="mt-1">
              {entries.map((entry) => (
                <Rule key={entry.id} entry={entry} open={entry.id === about} />
              ))}
            </div>
          </section>
        )
      })}
    </div>
  )
}

interface RulesDialogProps {
  /** A rule to begin with, by its id. */
  about?: string
  /** A button that opens the dialog; or control it with `open`. */
  trigger?: ReactElement<Record<string, unknown>>
  open?: boolean
  onOpenChange?: (open: boolean) => void
}

/** All rules, with an example each: what is wrong, why, and how to correct it. */
export function RulesDialog({ about = '', ...dialog }: RulesDialogProps) {
  const t = useTranslations('issues.rules')
  return (
    <Dialog title={t('title')} description={t('sentence')} width="lg" {...dialog}>
      <Rules about={about} />
    </Dialog>
  )
}
