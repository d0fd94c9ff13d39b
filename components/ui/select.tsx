'use client'
import { Select as Base } from '@base-ui/react/select'
import Check from 'lucide-react/icons/check'
import ChevronDown from 'lucide-react/icons/chevron-down'
import { cn } from './cn.ts'
import { grouped, type Option } from './option.ts'
import { pickerClass, popupClass, popupHeadingClass, popupItemClass } from './popup-class.ts'

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

const Row = <Value extends string>({ option, mono }: { option: Option<Value>; mono?: boolean }) => (
  <Base.Item value={option.value} disabled={option.disabled} className={popupItemClass}>
    <Base.ItemText className={cn('min-w-0 flex-1 truncate', mono && 'font-mono text-meta')}>
      <bdi>{option.label}</bdi>
    </Base.ItemText>
    {option.detail && <span className="text-3 text-meta">{option.detail}</span>}
    <span className="w-4">
      <Base.ItemIndicator>
        <Check size={14} aria-hidden />
      </Base.ItemIndicator>
    </span>
  </Base.Item>
)

/** A choice of one out of a few. For many options, or for search, use Combobox. */
export function Select<Value extends string>(props: SelectProps<Value>) {
  const { value, onValueChange, options, placeholder, size = 'md', mono, className, ...rest } = props
  const label = rest['aria-label']
  const chosen = options.find((option) => option.value === value)
  return (
    <Base.Root
      value={value}
      onValueChange={(next) => next !== null && onValueChange(next)}
      items={options}
      disabled={rest.disabled}
      name={rest.name}
      id={rest.id}
    >
      <Base.Trigger
        aria-label={label}
        aria-haspopup="dialog"
        className={cn(pickerClass, size === 'md' ? 'h-9 sm:h-8' : 'h-8 sm:h-7', className)}
      >
        <Base.Value className={cn('min-w-0 flex-1 truncate', mono && 'font-mono text-meta')}>
          {chosen ? <bdi>{chosen.label}</bdi> : <span className="text-3">{placeholder ?? '–'}</span>}
        </Base.Value>
        {chosen?.detail && <span className="hidden text-3 text-meta sm:inline">{chosen.detail}</span>}
        <ChevronDown size={14} aria-hidden className="shrink-0 text-3" />
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner sideOffset={4} alignItemWithTrigger={false} className="z-50">
          <Base.Popup
            role="dialog"
            aria-label={label ?? chosen?.label ?? placeholder}
            className={cn(
              popupClass,
              'max-h-(--available-height) min-w-(--anchor-width) overflow-y-auto p-1',
            )}
          >
            <Base.List>
              {grouped(options).map((group) => (
                <Base.Group key={group.label}>
                  {group.label && (
                    <Base.GroupLabel className={popupHeadingClass}>{group.label}</Base.GroupLabel>
                  )}
                  {group.items.map((option) => (
                    <Row key={option.value} option={option} mono={mono} />
                  ))}
                </Base.Group>
              ))}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
