'use client'
import Plus from 'lucide-react/icons/plus'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { ProgressBar } from '#components/ui/progress-bar.tsx'
import type { DatasetSummary } from '#lib/datasets/schema.ts'

/** Rows from which a model learns the form, and from which one may judge it. */
const LEAST = 10
const GOOD = 50

/** How many rows there are, what that is enough for, and the way to one more. */
export function ListFoot({ dataset, onAdd }: { dataset: DatasetSummary; onAdd: () => void }) {
  const t = useTranslations('datasets.rows')
  const { train, heldout } = dataset
  const rows = train.examples
  const advice = rows < LEAST ? t('needed', { count: LEAST - rows }) : rows < GOOD ? t('form') : t('enough')
  return (
    <footer className="grid gap-1.5 border-t px-4 py-2.5 text-meta">
      <span className="flex flex-wrap items-center justify-between gap-x-2 text-2 tabular-nums">
        <span>{t('counts', { train: rows, heldout: heldout.examples })}</span>
        <span title={t('tokensHint')}>{t('tokens', { count: train.tokens })}</span>
      </span>
      <ProgressBar value={rows} max={GOOD} tone="accent" label={t('meter')} />
      <span className="flex items-center justify-between gap-2 text-3">
        {advice}
        <Button size="sm" icon={<Plus size={14} aria-hidden />} hotkey="N" onClick={onAdd}>
          {t('add')}
        </Button>
      </span>
    </footer>
  )
}
