'use client'
import { Select as Base } from '@base-ui/react/select'
import Check from 'lucide-react/icons/check'
import { cn } from './cn.ts'
import { grouped, type Option } from './option.ts'
import { popupClass, popupHeadingClass, popupItemClass } from './popup-class.ts'

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

interface SelectPopupProps {
  label: string | undefined
  options: readonly Option[]
  mono?: boolean
}

export const SelectPopup = ({ label, options, mono }: SelectPopupProps) => (
  <Base.Portal>
    <Base.Positioner sideOffset={4} alignItemWithTrigger={false} className="z-50">
      <Base.Popup
        role="dialog"
        aria-label={label}
        className={cn(popupClass, 'max-h-(--available-height) min-w-(--anchor-width) overflow-y-auto p-1')}
      >
        <Base.List>
          {grouped(options).map((group) => (
            <Base.Group key={group.label}>
              {group.label && <Base.GroupLabel className={popupHeadingClass}>{group.label}</Base.GroupLabel>}
              {group.items.map((option) => (
                <Row key={option.value} option={option} mono={mono} />
              ))}
            </Base.Group>
          ))}
        </Base.List>
      </Base.Popup>
    </Base.Positioner>
  </Base.Portal>
)
