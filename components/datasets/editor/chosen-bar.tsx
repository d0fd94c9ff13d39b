'use client'
import ChevronDown from 'lucide-react/icons/chevron-down'
import X from 'lucide-react/icons/x'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { IconButton } from '#components/ui/icon-button.tsx'
import { Menu } from '#components/ui/menu.tsx'
import { MOST_CHOSEN } from '#lib/datasets/constants.ts'
import type { DatasetView, Review } from '#lib/datasets/schema.ts'
import { TagDialog } from './tag-dialog.tsx'
import type { Chosen } from './use-chosen.ts'
import { useChosenChange } from './use-chosen-change.ts'

export interface ChosenBarProps {
  view: DatasetView
  chosen: Chosen
  /** Ids of rows with unsaved edits. */
  unsaved: ReadonlySet<string>
  onReplace: () => void
}

/** What can be done with all selected rows at once. */
function useItems({ view: { dataset }, chosen, unsaved, onReplace }: ChosenBarProps, onTag: () => void) {
  const t = useTranslations('datasets.chosen')
  const rows = [...chosen.chosen]
  const { mutate, isPending, error } = useChosenChange(dataset.id, ({ kind }) => {
    if (kind === 'delete') chosen.clear()
  })
  const edited = rows.filter((id) => unsaved.has(id)).length
  const disabled = isPending || dataset.busy
  const move = (split: 'train' | 'heldout') => ({
    label: t(split),
    onSelect: () => mutate({ kind: 'split' as const, rows, split }),
    disabled: disabled || dataset.splitLocked,
    reason: dataset.splitLocked ? t('locked') : undefined,
  })
  const mark = (label: 'reviewed' | 'draft' | 'reject', review: Review) => ({
    label: t(label),
    onSelect: () => mutate({ kind: 'mark' as const, rows, review }),
    disabled,
  })
  const items = [
    move('train'),
    move('heldout'),
    null,
    mark('reviewed', 'reviewed'),
    mark('draft', 'draft'),
    mark('reject', 'rejected'),
    null,
    { label: t('tag'), onSelect: onTag, disabled },
    { label: t('replace'), onSelect: onReplace, disabled },
    null,
    {
      label: t('delete'),
      onSelect: () => mutate({ kind: 'delete' as const, rows }),
      disabled,
      tone: 'danger' as const,
    },
  ]
  return {
    items,
    reason: edited > 0 ? t('unsaved', { count: edited }) : null,
    error: error ?? chosen.error,
    tagAll: (change: { tag?: string; untag?: string }) => mutate({ kind: 'mark', rows, ...change }),
  }
}

/** How many rows are selected, and what can be done with them. */
export function ChosenBar(props: ChosenBarProps) {
  const { view, chosen } = props
  const t = useTranslations('datasets.chosen')
  const [tagging, setTagging] = useState(false)
  const { items, reason, error, tagAll } = useItems(props, () => setTagging(true))
  const count = chosen.chosen.size
  if (count === 0 && error === null) return null
  const trigger = (
    <Button size="sm" disabled={reason !== null} reason={reason}>
      {t('change')}
      <ChevronDown size={14} aria-hidden />
    </Button>
  )
  return (
    <section aria-label={t('label')} className="grid gap-2 border-b bg-selected px-4 py-1.5">
      <div className="flex items-center gap-2">
        <p role="status" className="min-w-0 flex-1 font-medium tabular-nums">
          {t('count', { count })}
        </p>
        {reason === null ? <Menu label={t('label')} trigger={trigger} items={items} /> : trigger}
        <IconButton size="sm" label={t('clear')} onClick={chosen.clear}>
          <X size={16} aria-hidden />
        </IconButton>
      </div>
      {count === MOST_CHOSEN && <p className="text-2 text-meta">{t('most', { count: MOST_CHOSEN })}</p>}
      {error !== null && <Failure title={t('failed')} error={error} />}
      <TagDialog tags={view.report.tags} open={tagging} onOpenChange={setTagging} onTag={tagAll} />
    </section>
  )
}
