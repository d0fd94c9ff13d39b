import Search from 'lucide-react/icons/search'
import { useRef } from 'react'
import { Input } from './input.tsx'
import { Kbd } from './kbd.tsx'
import { useKeys } from './use-keys.ts'

interface ListSearchProps {
  label: string
  value: string
  onChange: (value: string) => void
  className: string
}

/** The search field of a list: `/` leads to it, Escape out of it. */
export function ListSearch({ label, value, onChange, className }: ListSearchProps) {
  const field = useRef<HTMLInputElement>(null)
  useKeys({ '/': () => field.current?.focus() })
  return (
    <Input
      ref={field}
      type="search"
      aria-label={label}
      placeholder={label}
      leading={<Search size={14} aria-hidden />}
      trailing={value === '' && <Kbd>/</Kbd>}
      value={value}
      onValueChange={onChange}
      onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
      className={className}
    />
  )
}
