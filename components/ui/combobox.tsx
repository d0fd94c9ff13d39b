'use client'
import { Combobox as Base } from '@base-ui/react/combobox'
import Check from 'lucide-react/icons/check'
import ChevronDown from 'lucide-react/icons/chevron-down'
import Search from 'lucide-react/icons/search'
import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { cn } from './cn.ts'
import { grouped, type Option } from './option.ts'
import { pickerClass, popupClass, popupHeadingClass, popupItemClass } from './popup-class.ts'

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
  const t = useTranslations('ui')
  const { contains } = Base.useFilter()
  const chosen = options.find((option) => option.value === value) ?? null
  return (
    <Base.Root
      items={grouped(options)}
      value={chosen}
      onValueChange={(next: Option<Value> | null) => next && onValueChange(next.value)}
      isItemEqualToValue={(a: Option<Value>, b: Option<Value>) => a.value === b.value}
      disabled={props.disabled}
      filter={({ label: words, search = '' }: Option<Value>, query) =>
        contains(words, query) || contains(search, query)
      }
      autoHighlight
    >
      <Base.Trigger
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
      </Base.Trigger>
      <Base.Portal>
        <Base.Positioner align="start" sideOffset={4} className="z-50">
          <Base.Popup
            aria-label={label}
            className={cn(
              popupClass,
              'flex max-h-[min(24rem,var(--available-height))] w-max min-w-(--anchor-width) max-w-(--available-width) flex-col sm:min-w-72',
            )}
          >
            <div className="flex items-center gap-2 border-b px-3">
              <Search size={14} aria-hidden className="shrink-0 text-3" />
              <Base.Input
                aria-label={`${t('search')}: ${label}`}
                placeholder={t('search')}
                className="h-9 min-w-0 flex-1 bg-transparent outline-none"
              />
            </div>
            <Base.Empty>
              <div className="px-3 py-3 text-3">{t('nothingFound')}</div>
            </Base.Empty>
            <Base.List className="min-h-0 overflow-y-auto overscroll-contain p-1 empty:p-0">
              {(group: { label: string; items: Option<Value>[] }) => (
                <Base.Group key={group.label} items={group.items}>
                  {group.label && (
                    <Base.GroupLabel className={popupHeadingClass}>{group.label}</Base.GroupLabel>
                  )}
                  <Base.Collection>
                    {(option: Option<Value>) => (
                      <Base.Item
                        key={option.value}
                        value={option}
                        disabled={option.disabled}
                        className={popupItemClass}
                      >
                        <span className={cn('min-w-0 flex-1 truncate', mono && 'font-mono text-meta')}>
                          <bdi>{option.label}</bdi>
                        </span>
                        {option.detail && <span className="text-3 text-meta">{option.detail}</span>}
                        <span className="w-4">
                          <Base.ItemIndicator>
                            <Check size={14} aria-hidden />
                          </Base.ItemIndicator>
                        </span>
                      </Base.Item>
                    )}
                  </Base.Collection>
                </Base.Group>
              )}
            </Base.List>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  )
}
