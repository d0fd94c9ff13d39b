import ArrowDown from 'lucide-react/icons/arrow-down'
import ArrowUp from 'lucide-react/icons/arrow-up'
import type { ComponentProps, ReactNode } from 'react'
import { cn } from './cn.ts'
import { type TermName, Terms } from './terms.tsx'

export interface TableProps {
  /** Names the rows, for screen readers. */
  caption: ReactNode
  children: ReactNode
  /** Rows of 32 px instead of 36. */
  compact?: boolean
  className?: string
  /** The head stays at the top of the page while its rows scroll: for a table that fits its width from `md` on. */
  flow?: boolean
  /** New rows are loading: the current ones are dimmed until they arrive. */
  stale?: boolean
}

/** A plain table that scrolls sideways in its box; if the box has a height, the head is sticky. */
export const Table = ({ caption, children, compact, flow, stale, className }: TableProps) => (
  <div
    aria-busy={stale}
    className={cn(
      'min-w-0 rounded-[inherit] aria-busy:opacity-60',
      // A clipped box is no scroll container: the page is the one that the head sticks to.
      flow ? 'max-md:overflow-auto md:overflow-clip' : 'overflow-auto',
      className,
    )}
  >
    <table
      className="group/table w-full border-separate border-spacing-0 text-start"
      data-compact={compact || undefined}
    >
      <caption className="sr-only">{caption}</caption>
      {children}
    </table>
  </div>
)

interface CellLook {
  align?: 'start' | 'end'
}

const edge = 'px-3 first:ps-4 last:pe-4'
const side = { start: 'text-start', end: 'text-end' }

export interface ThProps extends Omit<ComponentProps<'th'>, 'align'>, CellLook {
  sort?: 'ascending' | 'descending' | 'none'
  onSort?: () => void
  /** Terms to explain behind the heading. */
  terms?: readonly TermName[]
}

/** What the heads of a sorted list show and do, by the name of their column. */
export const sortedBy =
  <Name extends string>(now: { sort: Name; order: 'asc' | 'desc' }, onSort: (name: Name) => void) =>
  (name: Name) => ({
    sort: now.sort === name ? (`${now.order}ending` as const) : ('none' as const),
    onSort: () => onSort(name),
  })

export const Th = ({ align = 'start', sort, onSort, terms, className, children, ...rest }: ThProps) => (
  <th
    scope="col"
    aria-sort={sort}
    {...rest}
    className={cn(
      'sticky top-0 z-10 h-8 whitespace-nowrap border-b bg-surface text-3 text-micro',
      edge,
      side[align],
      className,
    )}
  >
    {onSort ? (
      <button
        type="button"
        onClick={onSort}
        className="inline-flex items-center gap-1 rounded-xs text-micro hover:text-1"
      >
        {children}
        {sort === 'ascending' && <ArrowUp size={12} aria-hidden />}
        {sort === 'descending' && <ArrowDown size={12} aria-hidden />}
      </button>
    ) : (
      children
    )}
    {terms && (
      <span className="ms-1.5">
        <Terms of={terms} />
      </span>
    )}
  </th>
)

export interface TrProps extends ComponentProps<'tr'> {
  selected?: boolean
  dimmed?: boolean
}

/** Give row actions the class `row-action`: they appear on hover and focus. */
export const Tr = ({ selected, dimmed, className, ...rest }: TrProps) => (
  <tr
    {...rest}
    className={cn(
      'group/row',
      selected ? 'bg-selected' : 'hover:bg-hover',
      dimmed && 'text-disabled',
      className,
    )}
  />
)

export interface TdProps extends Omit<ComponentProps<'td'>, 'align'>, CellLook {
  quiet?: boolean
  mono?: boolean
}

export const Td = ({ align = 'start', quiet, mono, className, ...rest }: TdProps) => (
  <td
    {...rest}
    className={cn(
      'h-9 whitespace-nowrap border-b tabular-nums in-data-compact:h-8 in-[tr:last-child]:border-b-0',
      edge,
      side[align],
      quiet && 'text-2',
      mono && 'font-mono text-meta',
      className,
    )}
  />
)
