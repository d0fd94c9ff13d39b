'use client'
import { SelectRoot } from '@base-ui/parts/select/root/SelectRoot.mjs'
import { SelectTrigger } from '@base-ui/parts/select/trigger/SelectTrigger.mjs'
import { SelectValue } from '@base-ui/parts/select/value/SelectValue.mjs'
import ChevronDown from 'lucide-react/icons/chevron-down'
import { cn } from './cn.ts'
import { lazily } from './lazily.tsx'
import type { Option } from './option.ts'
import { pickerClass } from './popup-class.ts'
import { useIntent } from './use-intent.ts'

export interface SelectProps<Value extends string> {
  value: Value | null
  onValueChange: (value: Value) => void
  options: readonly Option<Value>[]
  /** Accessible name outside a Field. */
  'aria-label'?: string
  /** Names what the user selects here, instead of "Choose…". */
  placeholder?: string
  size?: 'md' | 'sm'
  mono?: boolean
  disabled?: boolean
  id?: string
  name?: string
  className?: string
}

const SelectPopup = lazily(() => import('./select-popup.tsx').then((module) => module.SelectPopup))

/** A choice of one out of a few. For many options, or for search, use Combobox. */
export function Select<Value extends string>(props: SelectProps<Value>) {
  const { value, onValueChange, options, placeholder, size = 'md', mono, className, ...rest } = props
  const label = rest['aria-label']
  const intent = useIntent(SelectPopup)
  const chosen = options.find((option) => option.value === value)
  return (
    <SelectRoot
      value={value}
      onValueChange={(next) => next !== null && onValueChange(next)}
      {...intent.root}
      items={options}
      disabled={rest.disabled}
      name={rest.name}
      id={rest.id}
    >
      <SelectTrigger
        {...intent.trigger}
        aria-label={label}
        aria-haspopup="dialog"
        className={cn(pickerClass, size === 'md' ? 'h-9 sm:h-8' : 'h-8 sm:h-7', className)}
      >
        <SelectValue className={cn('min-w-0 flex-1 truncate', mono && 'font-mono text-meta')}>
          {chosen ? <bdi>{chosen.label}</bdi> : <span className="text-3">{placeholder ?? '–'}</span>}
        </SelectValue>
        {chosen?.detail && <span className="hidden text-3 text-meta sm:inline">{chosen.detail}</span>}
        <ChevronDown size={14} aria-hidden className="shrink-0 text-3" />
      </SelectTrigger>
      {intent.isLoaded && (
        <SelectPopup label={label ?? chosen?.label ?? placeholder} options={options} mono={mono} />
      )}
    </SelectRoot>
  )
}
