import { cn } from './cn.ts'
import { Td, Tr } from './table.tsx'

/** A grey bar in place of a line of text; give it the expected width. */
export const Skeleton = ({ className }: { className?: string }) => (
  <span
    aria-hidden="true"
    className={cn('appear-late block h-2 rounded-xs bg-base-soft', className ?? 'w-24')}
  />
)

/** Table rows at their final height. */
export const SkeletonRows = ({ rows = 5, columns }: { rows?: number; columns: number }) =>
  Array.from({ length: rows }, (_, row) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no identity
    <Tr key={row} aria-hidden="true" className="hover:bg-transparent!">
      {Array.from({ length: columns }, (_, column) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no identity
        <Td key={column}>
          <Skeleton className={column === 0 ? 'w-40' : 'w-14'} />
        </Td>
      ))}
    </Tr>
  ))

const widths = ['w-[86%]', 'w-4/5', 'ms-6 w-[42%]', 'ms-6 w-[38%]', 'w-[84%]']

/**
 * An answer before its first token, in the shape of the logo. Lines as high as those around it, so that nothing moves when
 * text arrives.
 */
export const SkeletonAnswer = () => (
  <div aria-hidden="true" className="appear-late">
    {widths.map((width) => (
      <div key={width} className="flex h-lh items-center">
        <span className={cn('h-2 rounded-xs bg-base-soft', width)} />
      </div>
    ))}
  </div>
)
