'use client'
import { Menu } from '@base-ui/react/menu'
import Check from 'lucide-react/icons/check'
import Monitor from 'lucide-react/icons/monitor'
import Moon from 'lucide-react/icons/moon'
import Sun from 'lucide-react/icons/sun'
import SunMoon from 'lucide-react/icons/sun-moon'
import { useTheme } from 'next-themes'
import type { ReactElement } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { cn } from '#components/ui/cn.ts'
import { popupClass, popupHeadingClass, popupItemClass } from '#components/ui/popup-class.ts'

const themes = [
  { name: 'light', icon: Sun },
  { name: 'dark', icon: Moon },
  { name: 'system', icon: Monitor },
] as const

/** Light, dark or system. On a phone, the logo in the top bar opens it. */
export function ThemeMenu({ trigger }: { trigger?: ReactElement<Record<string, unknown>> }) {
  const t = useTranslations('shell.theme')
  const { theme, setTheme } = useTheme()
  const button = (
    <Button variant="ghost" size="sm" aria-label={t('label')} icon={<SunMoon size={16} aria-hidden />} />
  )
  return (
    <Menu.Root>
      <Menu.Trigger render={trigger ?? button} />
      <Menu.Portal>
        <Menu.Positioner sideOffset={4} collisionPadding={8} className="z-50">
          <Menu.Popup aria-label={t('label')} className={cn(popupClass, 'min-w-44 p-1')}>
            <Menu.RadioGroup value={theme} onValueChange={setTheme}>
              <Menu.GroupLabel className={popupHeadingClass}>{t('label')}</Menu.GroupLabel>
              {themes.map(({ name, icon: Icon }) => (
                <Menu.RadioItem key={name} value={name} closeOnClick className={popupItemClass}>
                  <Icon size={16} aria-hidden className="text-3" />
                  <span className="flex-1">{t(name)}</span>
                  <Menu.RadioItemIndicator>
                    <Check size={14} aria-hidden />
                  </Menu.RadioItemIndicator>
                </Menu.RadioItem>
              ))}
            </Menu.RadioGroup>
          </Menu.Popup>
        </Menu.Positioner>
      </Menu.Portal>
    </Menu.Root>
  )
}
