'use client'
import { useTranslations } from 'use-intl'
import { Select } from '#components/ui/select.tsx'
import { State } from '#components/ui/state.tsx'
import type { Leftover } from '#lib/examples/formats/leftovers.ts'
import type { ExtraUse, ImportPlan } from '#lib/examples/formats/plan.ts'
import { usesFor } from '#lib/examples/formats/reader.ts'
import { needsChoice, undecidedFields } from './mapping.ts'
import { NoteLines } from './note-lines.tsx'
import type { Review } from './use-review.ts'

interface LeftFieldProps {
  plan: ImportPlan
  left: Leftover
  onUse: (use: ExtraUse) => void
}

/** One field that no row holds, with what it says and, where rows differ in it, what to do with it. */
function LeftField({ plan, left, onUse }: LeftFieldProps) {
  const t = useTranslations('imports.left')
  const { path, count, sample } = left
  return (
    <li className="grid gap-1 border-t py-2">
      <p className="wrap-anywhere">
        <bdi className="font-mono text-meta">{path}</bdi>{' '}
        <span className="text-3 text-micro">{t('count', { count })}</span>
      </p>
      <p dir="auto" className="people-text wrap-anywhere line-clamp-2 text-2 text-meta">
        {sample}
      </p>
      {needsChoice(left) && (
        <Select
          aria-label={t('use', { field: path })}
          size="sm"
          value={plan.extras?.[path] ?? null}
          placeholder={t('undecided')}
          options={usesFor(plan.mapping).map((use) => ({ value: use, label: t(use) }))}
          onValueChange={onUse}
        />
      )}
    </li>
  )
}

/** Fields that were put into the rows by choice, so that the choice can be taken back. */
function UsedField({
  field,
  use,
  onUse,
  plan,
}: { field: string; use: ExtraUse } & Omit<LeftFieldProps, 'left'>) {
  const t = useTranslations('imports.left')
  return (
    <li className="grid gap-1 border-t py-2">
      <p className="wrap-anywhere">
        <bdi className="font-mono text-meta">{field}</bdi>{' '}
        <span className="text-3 text-micro">{t('used')}</span>
      </p>
      <Select
        aria-label={t('use', { field })}
        size="sm"
        value={use}
        options={usesFor(plan.mapping).map((one) => ({ value: one, label: t(one) }))}
        onValueChange={onUse}
      />
    </li>
  )
}

/** What the rows do not hold of the file, before it comes in. */
export function LeftFields({ review: { plan, setPlan, preview } }: { review: Review }) {
  const t = useTranslations('imports.left')
  if (!plan || !preview) return null
  const { left, notes } = preview
  const paths = new Set(left.map(({ path }) => path))
  const used = Object.entries(plan.extras ?? {}).filter(
    ([field, use]) => use !== 'leave' && !paths.has(field),
  )
  const use = (field: string) => (chosen: ExtraUse) =>
    setPlan({ ...plan, extras: { ...plan.extras, [field]: chosen } })
  if (left.length + used.length === 0) return <NoteLines notes={notes} />
  return (
    <section aria-label={t('title')} className="grid gap-1">
      <h3 className="font-semibold">{t('title')}</h3>
      {undecidedFields(plan, left).length > 0 ? (
        <State tone="warn" className="whitespace-normal!">
          {t('choose')}
        </State>
      ) : (
        <p className="text-2 text-meta">{t('sentence')}</p>
      )}
      <ul>
        {used.map(([field, chosen]) => (
          <UsedField key={field} plan={plan} field={field} use={chosen} onUse={use(field)} />
        ))}
        {left.map((one) => (
          <LeftField key={one.path} plan={plan} left={one} onUse={use(one.path)} />
        ))}
      </ul>
      <NoteLines notes={notes} />
    </section>
  )
}
