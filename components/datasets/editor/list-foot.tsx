'use client'
import Plus from 'lucide-react/icons/plus'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { ProgressBar } from '#components/ui/progress-bar.tsx'
import type { DatasetSummary } from '#lib/datasets/schema.ts'

/** Training rows from which a model learns the format, and from which its quality can be judged. */
const LEAST = 10
const GOOD = 50

/** The number of rows, what it is enough for, and a button to add one. */
export function ListFoot({ dataset, onAdd }: { dataset: DatasetSummary; onAdd: () => void }) {
  const t = useTranslations('datasets.rows')
  const { train, heldout, rejected } = dataset
  const rows = train.examples
  const advice = rows < LEAST ? t('needed', { count: LEAST - rows }) : rows < GOOD ? t('form') : t('enough')
  return (
    <footer className="grid gap-1.5 border-t px-4 py-2.5 text-meta">
      <span className="flex flex-wrap items-center justify-between gap-x-2 text-2 tabular-nums">
        <span>{t('counts', { train: rows, heldout: heldout.examples })}</span>
        <span title={t('tokensHint')}>{t('tokens', { count: train.tokens })}</span>
      </span>
      {rejected > 0 && <span className="text-3 tabular-nums">{t('rejectedCount', { count: rejected })}</span>}
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
