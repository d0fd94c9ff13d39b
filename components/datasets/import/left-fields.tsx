'use client'
import { useTranslations } from 'use-intl'
import { Select } from '#components/ui/select.tsx'
import { State } from '#components/ui/state.tsx'
import type { ExtraUse, ImportPlan, Leftover } from '#lib/training-data/formats/plan.ts'
import { usesFor } from '#lib/training-data/formats/reader.ts'
import { needsChoice, undecidedFields } from './mapping.ts'
import { NoteLines } from './note-lines.tsx'
import type { Review } from './use-review.ts'

interface OtherFieldProps {
  plan: ImportPlan
  path: string
  /** null if the user has mapped the field to a part of the row. */
  left: Leftover | null
  onUse: (use: ExtraUse) => void
}

/** A field outside the mapping, with a sample value and, if rows differ in it, the choice what to do with it. */
function OtherField({ plan, path, left, onUse }: OtherFieldProps) {
  const t = useTranslations('imports.left')
  const use = plan.extras?.[path] ?? null
  return (
    <li className="grid gap-1 border-t py-2">
      <p className="wrap-anywhere">
        <bdi className="font-mono text-meta">{path}</bdi>{' '}
        <span className="text-3 text-micro">{left ? t('count', { count: left.count }) : t('used')}</span>
      </p>
      {left && (
        <p dir="auto" className="people-text wrap-anywhere line-clamp-2 text-2 text-meta">
          {left.sample}
        </p>
      )}
      {(left === null || needsChoice(left)) && (
        <Select
          aria-label={t('use', { field: path })}
          size="sm"
          value={use}
          placeholder={t('undecided')}
          options={usesFor(plan.mapping).map((one) => ({ value: one, label: t(one) }))}
          onValueChange={onUse}
        />
      )}
    </li>
  )
}

const usedFields = ({ extras = {} }: ImportPlan): string[] =>
  Object.keys(extras).filter((path) => extras[path] !== 'leave')

/** Fields of the file that the mapping does not use, before the import. */
export function LeftFields({ review: { plan, setPlan, preview } }: { review: Review }) {
  const t = useTranslations('imports.left')
  if (!plan || !preview) return null
  const { left, notes } = preview
  const leftAt = new Map(left.map((one) => [one.path, one]))
  // A field keeps its position, and so the focus, when the user maps it.
  const paths = [...new Set([...leftAt.keys(), ...usedFields(plan)])].sort()
  const open = undecidedFields(plan, left).length
  if (paths.length === 0) return <NoteLines notes={notes} />
  return (
    <section aria-label={t('title')} className="grid gap-1">
      <h3 className="font-semibold">{t('title')}</h3>
      {open > 0 ? (
        <State tone="warn" className="whitespace-normal!">
          {t('choose', { count: open })}
        </State>
      ) : (
        left.length > 0 && <p className="text-2 text-meta">{t('sentence')}</p>
      )}
      <ul>
        {paths.map((path) => (
          <OtherField
            key={path}
            plan={plan}
            path={path}
            left={leftAt.get(path) ?? null}
            onUse={(use) => setPlan({ ...plan, extras: { ...plan.extras, [path]: use } })}
          />
        ))}
      </ul>
      <NoteLines notes={notes} />
    </section>
  )
}
