import { type ReactNode, useId } from 'react'

export interface TickProps {
  checked: boolean
  onCheckedChange: (checked: boolean) => void
  children: ReactNode
}

/** A checkbox with its label. */
export function Tick({ checked, onCheckedChange, children }: TickProps) {
  const id = useId()
  return (
    <span className="flex items-start gap-2">
      <input
        id={id}
        type="checkbox"
        checked={checked}
        onChange={(event) => onCheckedChange(event.target.checked)}
        className="mt-0.5 block size-4 shrink-0 accent-(--accent)"
      />
      <label htmlFor={id} className="text-2">
        {children}
      </label>
    </span>
  )
}
