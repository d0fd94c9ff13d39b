import { cn } from './cn.ts'
import { CopyButton } from './copy-button.tsx'
import { middle } from './format.ts'

export interface TruncatedIdProps {
  id: string
  /** Characters kept at the start and at the end. */
  head?: number
  tail?: number
  copy?: boolean
  copyLabel?: string
  className?: string
}

/** An id shortened in the middle: both ends tell ids apart. The title and the copy button have the whole id. */
export const TruncatedId = ({ id, head = 10, tail = 4, copy, copyLabel, className }: TruncatedIdProps) => (
  <span className={cn('inline-flex items-center gap-1', className)}>
    <bdi dir="ltr" title={id} className="whitespace-nowrap font-mono text-meta">
      {middle(id, head, tail)}
    </bdi>
    {copy && <CopyButton text={id} label={copyLabel} />}
  </span>
)
