'use client'
import { ComboboxRoot } from '@base-ui/parts/combobox/root/ComboboxRoot.mjs'
import { useComboboxFilter } from '@base-ui/parts/combobox/root/utils/useFilter.mjs'
import { ComboboxTrigger } from '@base-ui/parts/combobox/trigger/ComboboxTrigger.mjs'
import ChevronDown from 'lucide-react/icons/chevron-down'
import type { ReactNode } from 'react'
import { cn } from './cn.ts'
import { lazily } from './lazily.tsx'
import { grouped, type Option } from './option.ts'
import { pickerClass } from './popup-class.ts'
import { useIntent } from './use-intent.ts'

export interface ComboboxProps<Value extends string> {
  value: Value | null
  onValueChange: (value: Value) => void
  options: readonly Option<Value>[]
  /** Names the list and its search field; also the accessible name outside a Field. */
  label: string
  placeholder?: string
  /** Replaces the text of the closed box, e.g. with a name and its dot. */
  renderValue?: (option: Option<Value>) => ReactNode
  size?: 'md' | 'sm'
  /** `field` is a box in a form, `plain` a heading that opens the list, such as a pane's model. */
  look?: 'field' | 'plain'
  mono?: boolean
  disabled?: boolean
  className?: string
}

const plain =
  'inline-flex min-w-0 max-w-full items-center gap-1.5 rounded-md px-1.5 py-1 text-start hover:bg-hover'

const ComboboxPopup = lazily(() => import('./combobox-popup.tsx').then((module) => module.ComboboxPopup))

/** A searchable select. The input is inside the popup, as screen readers need it. */
export function Combobox<Value extends string>(props: ComboboxProps<Value>) {
  const {
    value,
    onValueChange,
    options,
    label,
    placeholder,
    renderValue,
    size = 'md',
    look = 'field',
    mono,
  } = props
  const intent = useIntent(ComboboxPopup)
  const { contains } = useComboboxFilter()
  const chosen = options.find((option) => option.value === value) ?? null
  return (
    <ComboboxRoot
      items={grouped(options)}
      value={chosen}
      onValueChange={(next: Option<Value> | null) => next && onValueChange(next.value)}
      isItemEqualToValue={(a: Option<Value>, b: Option<Value>) => a.value === b.value}
      disabled={props.disabled}
      filter={({ label: words, search = '' }: Option<Value>, query) =>
        contains(words, query) || contains(search, query)
      }
      {...intent.root}
      autoHighlight
    >
      <ComboboxTrigger
        {...intent.trigger}
        aria-label={chosen ? `${label}: ${chosen.label}` : label}
        className={cn(
          look === 'plain' ? plain : cn(pickerClass, size === 'md' ? 'h-9 sm:h-8' : 'h-8 sm:h-7'),
          props.className,
        )}
      >
        <span className={cn('min-w-0 flex-1 truncate', mono && 'font-mono text-meta')}>
          {chosen ? (
            (renderValue?.(chosen) ?? <bdi>{chosen.label}</bdi>)
          ) : (
            <span className="text-3">{placeholder ?? '–'}</span>
          )}
        </span>
        {look === 'field' && chosen?.detail && (
          <span className="hidden text-3 text-meta sm:inline">{chosen.detail}</span>
        )}
        <ChevronDown size={14} aria-hidden className="shrink-0 text-3" />
      </ComboboxTrigger>
      {intent.isLoaded && <ComboboxPopup label={label} mono={mono} />}
    </ComboboxRoot>
  )
}
