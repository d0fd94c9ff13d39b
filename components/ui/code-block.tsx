import { cn } from './cn.ts'
import { CopyButton } from './copy-button.tsx'

export interface CodeBlockProps {
  code: string
  /** Accessible name of the code, such as "Python". */
  label: string
  copyLabel?: string
  className?: string
}

/** Code to copy, always left to right. The button stands beside it: long lines scroll, and nothing covers them. */
export const CodeBlock = ({ code, label, copyLabel, className }: CodeBlockProps) => (
  <figure
    aria-label={label}
    className={cn('m-0 flex min-w-0 items-start rounded-md border bg-sunken', className)}
  >
    <pre
      dir="ltr"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keyboard
      tabIndex={0}
      className="min-w-0 flex-1 overflow-x-auto py-2.5 ps-3 pe-2 font-mono text-meta leading-5"
    >
      <code>{code}</code>
    </pre>
    <span className="shrink-0 p-1.5">
      <CopyButton text={code} label={copyLabel} />
    </span>
  </figure>
)
