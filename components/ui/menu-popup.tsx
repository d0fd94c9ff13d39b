'use client'
import { Menu as Base } from '@base-ui/react/menu'
import Check from 'lucide-react/icons/check'
import Link from 'next/link'
import { cn } from './cn.ts'
import { Kbd } from './kbd.tsx'
import type { MenuEntry, MenuProps } from './menu.tsx'
import { popupClass, popupItemClass } from './popup-class.ts'

const Separator = () => <Base.Separator className="my-1 border-t" />

function Entry({ entry }: { entry: MenuEntry }) {
  const className = cn(popupItemClass, 'pe-3', entry.tone === 'danger' && 'text-bad')
  const content = (
    <>
      {entry.icon && <span className="text-3">{entry.icon}</span>}
      <span className="flex-1">{entry.label}</span>
      {entry.disabled && entry.reason && <span className="text-3 text-meta">{entry.reason}</span>}
      {entry.hotkey && <Kbd>{entry.hotkey}</Kbd>}
    </>
  )
  if (entry.href && !entry.disabled) {
    const link = (
      <Link href={entry.href} download={entry.download} prefetch={entry.download ? false : undefined} />
    )
    return (
      <Base.LinkItem render={link} className={className} closeOnClick>
        {content}
      </Base.LinkItem>
    )
  }
  if (entry.checked !== undefined) {
    return (
      <Base.CheckboxItem className={className} checked={entry.checked} onCheckedChange={entry.onSelect}>
        <span className="flex-1">{entry.label}</span>
        <span className="w-4">
          <Base.CheckboxItemIndicator>
            <Check size={14} aria-hidden />
          </Base.CheckboxItemIndicator>
        </span>
      </Base.CheckboxItem>
    )
  }
  return (
    <Base.Item className={className} onClick={entry.onSelect} disabled={entry.disabled}>
      {content}
    </Base.Item>
  )
}

export const MenuPopup = ({ label, items, align = 'end' }: Omit<MenuProps, 'trigger'>) => (
  <Base.Portal>
    <Base.Positioner align={align} sideOffset={4} collisionPadding={8} className="z-50">
      <Base.Popup
        aria-label={label}
        className={cn(popupClass, 'max-h-(--available-height) min-w-44 overflow-y-auto p-1')}
      >
        {items.map((entry, index) =>
          // biome-ignore lint/suspicious/noArrayIndexKey: a separator has no name, and the order is fixed
          entry ? <Entry key={entry.href ?? entry.label} entry={entry} /> : <Separator key={index} />,
        )}
      </Base.Popup>
    </Base.Positioner>
  </Base.Portal>
)
