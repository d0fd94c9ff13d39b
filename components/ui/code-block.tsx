import { cn } from './cn.ts'
import { CopyButton } from './copy-button.tsx'

export interface CodeBlockProps {
  code: string
  /** Accessible name of the code, such as "Python". */
  label: string
  copyLabel?: string
  className?: string
}

/** Code to copy. Always left to right. */
export const CodeBlock = ({ code, label, copyLabel, className }: CodeBlockProps) => (
  <figure aria-label={label} className={cn('relative m-0 min-w-0 rounded-md border bg-sunken', className)}>
    <pre
      dir="ltr"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keyboard
      tabIndex={0}
      className="overflow-x-auto py-2.5 ps-3 pe-11 font-mono text-meta leading-5"
    >
      <code>{code}</code>
    </pre>
    <span className="absolute end-1.5 top-1.5 rounded-md bg-sunken">
      <CopyButton text={code} label={copyLabel} />
    </span>
  </figure>
)
