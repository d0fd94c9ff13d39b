import { useTranslations } from 'use-intl'
import { Chip } from '#components/ui/chip.tsx'
import type { Split } from '#lib/datasets/schema.ts'

/** The split of the rows; a score on training rows is marked, because it does not measure generalization. */
export function SplitChip({ split }: { split: Split }) {
  const t = useTranslations('evals')
  if (split === 'heldout') return <Chip>{t('split.heldout')}</Chip>
  return (
    <span title={t('trainMeaning')}>
      <Chip tone="warn" dot="full">
        {t('split.train')}
      </Chip>
    </span>
  )
}
