import { Table, type TableProps } from './table.tsx'

interface WideTableProps extends Omit<TableProps, 'className' | 'flow'> {
  /** Names the box, which the keyboard reaches to scroll it. */
  label: string
}

/** A table that may be wider than its place and holds nothing to focus. */
export const WideTable = ({ label, ...table }: WideTableProps) => (
  <section
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrollable region must be reachable by keyboard
    tabIndex={0}
    aria-label={label}
    className="-outline-offset-2! overflow-x-auto rounded-b-lg"
  >
    <Table {...table} className="overflow-visible!" />
  </section>
)
