'use client'
import { MenuRoot } from '@base-ui/parts/menu/root/MenuRoot.mjs'
import { MenuTrigger } from '@base-ui/parts/menu/trigger/MenuTrigger.mjs'
import type { ReactElement, ReactNode } from 'react'
import { lazily } from './lazily.tsx'
import { useIntent } from './use-intent.ts'

export interface MenuEntry {
  label: string
  icon?: ReactNode
  onSelect?: () => void
  /** A page of the app, or with `download` a file. */
  href?: string
  download?: boolean
  disabled?: boolean
  /** Why the item is disabled, shown at the end of the row. */
  reason?: string
  tone?: 'default' | 'danger'
  hotkey?: string
  /** Makes it a checkbox item; the menu stays open. */
  checked?: boolean
}

export interface MenuProps {
  /** A button with an accessible name. */
  trigger: ReactElement<Record<string, unknown>>
  label: string
  /** `null` draws a separator between groups. */
  items: readonly (MenuEntry | null)[]
  align?: 'start' | 'center' | 'end'
}

const MenuPopup = lazily(() => import('./menu-popup.tsx').then((module) => module.MenuPopup))

export function Menu({ trigger, ...popup }: MenuProps) {
  const intent = useIntent(MenuPopup)
  return (
    <MenuRoot {...intent.root}>
      <MenuTrigger render={trigger} {...intent.trigger} />
      {intent.isLoaded && <MenuPopup {...popup} />}
    </MenuRoot>
  )
}
