'use client'
import { Combobox as Base } from '@base-ui/react/combobox'
import Check from 'lucide-react/icons/check'
import Search from 'lucide-react/icons/search'
import { useTranslations } from 'use-intl'
import { cn } from './cn.ts'
import type { Option } from './option.ts'
import { popupClass, popupHeadingClass, popupItemClass } from './popup-class.ts'

interface ComboboxPopupProps {
  label: string
  mono?: boolean
}

export function ComboboxPopup({ label, mono }: ComboboxPopupProps) {
  const t = useTranslations('ui')
  return (
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
            {(group: { label: string; items: Option[] }) => (
              <Base.Group key={group.label} items={group.items}>
                {group.label && (
                  <Base.GroupLabel className={popupHeadingClass}>{group.label}</Base.GroupLabel>
                )}
                <Base.Collection>
                  {(option: Option) => (
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
  )
}
