'use client'
import { memo } from 'react'
import { useTranslations } from 'use-intl'
import { Segmented } from '#components/ui/segmented.tsx'

export type Shown = 'rows' | 'row' | 'problems'

interface ColumnChoiceProps {
  shown: Shown
  onShow: (shown: Shown) => void
  rows: number
  problems: number
  /** Number of the open row; null if it is not stored yet. */
  number: number | null
}

/** On narrow screens, selects which of the three columns is shown. */
export const ColumnChoice = memo(function ColumnChoice(props: ColumnChoiceProps) {
  const { shown, onShow, rows, problems, number } = props
  const t = useTranslations('datasets.views')
  return (
    <div className="border-b px-(--gutter) py-2 wide:hidden">
      <Segmented
        label={t('label')}
        value={shown}
        onValueChange={onShow}
        className="w-full *:flex-1 *:justify-center"
        options={[
          { value: 'rows', label: t('rows', { count: rows }) },
          { value: 'row', label: number === null ? t('newRow') : t('row', { number }) },
          { value: 'problems', label: t('problems', { count: problems }) },
        ]}
      />
    </div>
  )
})
