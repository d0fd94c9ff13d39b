'use client'
import { useTranslations } from 'use-intl'
import { Select } from '#components/ui/select.tsx'

/** Prefix that keeps column values apart from the other options of the select. */
const COLUMN = 'column:'
export const listed = (columns: readonly string[]) =>
  columns.map((column) => ({ value: `${COLUMN}${column}`, label: column }))
export const picked = (choice: string): string | null =>
  choice.startsWith(COLUMN) ? choice.slice(COLUMN.length) : null
export const shown = (column: string | null, otherwise = 'none'): string =>
  column === null ? otherwise : `${COLUMN}${column}`

interface ColumnProps {
  columns: readonly string[]
  value: string | null
}

/** A required column; empty until the user selects one. */
export function ColumnSelect({
  columns,
  value,
  onValueChange,
}: ColumnProps & { onValueChange: (column: string) => void }) {
  const t = useTranslations('imports.columns')
  return (
    <Select
      value={value}
      placeholder={t('choose')}
      options={columns.map((column) => ({ value: column, label: column }))}
      onValueChange={onValueChange}
    />
  )
}

/** @param none label for no column */
export const OptionalColumn = ({
  columns,
  value,
  none,
  onValueChange,
}: ColumnProps & { none: string; onValueChange: (column: string | null) => void }) => (
  <Select
    value={shown(value)}
    options={[{ value: 'none', label: none }, ...listed(columns)]}
    onValueChange={(choice) => onValueChange(picked(choice))}
  />
)
