'use client'
import { Menu } from '@base-ui/react/menu'
import Check from 'lucide-react/icons/check'
import CircleHelp from 'lucide-react/icons/circle-question-mark'
import Monitor from 'lucide-react/icons/monitor'
import Moon from 'lucide-react/icons/moon'
import Settings from 'lucide-react/icons/settings'
import Sun from 'lucide-react/icons/sun'
import Link from 'next/link'
import { useTheme } from 'next-themes'
import type { ReactNode } from 'react'
import { useLocale, useTranslations } from 'use-intl'
import { cn } from '#components/ui/cn.ts'
import { popupClass, popupHeadingClass, popupItemClass } from '#components/ui/popup-class.ts'
import { DEFAULT_LOCALE, DIGITS, digitsOf, LANGUAGES, type Language, languageOf } from '#lib/i18n/locale.ts'
import { useChooseLocale } from './use-choose-locale.ts'

const themes = [
  { name: 'light', icon: Sun },
  { name: 'dark', icon: Moon },
  { name: 'system', icon: Monitor },
] as const

interface GroupProps {
  label: string
  value: string | undefined
  onValueChange: (value: string) => void
  children: ReactNode
}

const Group = ({ label, children, ...group }: GroupProps) => (
  <Menu.RadioGroup {...group} className="not-first:mt-1 not-first:border-t not-first:pt-1">
    <Menu.GroupLabel className={popupHeadingClass}>{label}</Menu.GroupLabel>
    {children}
  </Menu.RadioGroup>
)

const Choice = ({ value, icon, children }: { value: string; icon?: ReactNode; children: ReactNode }) => (
  <Menu.RadioItem value={value} closeOnClick className={popupItemClass}>
    {icon && <span className="text-3">{icon}</span>}
    <span className="flex-1">{children}</span>
    <Menu.RadioItemIndicator>
      <Check size={14} aria-hidden />
    </Menu.RadioItemIndicator>
  </Menu.RadioItem>
)

function ThemeChoice() {
  const t = useTranslations('shell.theme')
  const { theme, setTheme } = useTheme()
  return (
    <Group label={t('label')} value={theme} onValueChange={setTheme}>
      {themes.map(({ name, icon: Icon }) => (
        <Choice key={name} value={name} icon={<Icon size={16} aria-hidden />}>
          {t(name)}
        </Choice>
      ))}
    </Group>
  )
}

/** Each language by its own name: who looks for it may read no other. */
function LanguageChoice() {
  const t = useTranslations('language')
  const language = languageOf(useLocale())
  const choose = useChooseLocale()
  return (
    <Group
      label={t('label')}
      value={language}
      onValueChange={(name) => choose(DEFAULT_LOCALE[name as Language])}
    >
      {Object.entries(LANGUAGES).map(([name, own]) => (
        <Choice key={name} value={name}>
          <bdi lang={name}>{own}</bdi>
        </Choice>
      ))}
    </Group>
  )
}

/** Only a language that is written with two kinds of digits offers them. */
function DigitsChoice() {
  const t = useTranslations('language')
  const locale = useLocale()
  const choose = useChooseLocale()
  if (languageOf(locale) !== 'ar') return null
  return (
    <Group
      label={t('digits')}
      value={digitsOf(locale)}
      onValueChange={(digits) => choose(digits === 'arab' ? 'ar-u-nu-arab' : 'ar-u-nu-latn')}
    >
      {Object.entries(DIGITS).map(([name, looks]) => (
        <Choice key={name} value={name}>
          {looks}
        </Choice>
      ))}
    </Group>
  )
}

const pages = [
  { href: '/settings', name: 'settings', icon: Settings },
  { href: '/help', name: 'help', icon: CircleHelp },
] as const

/** The pages that belong to no section. */
function Pages() {
  const t = useTranslations('shell')
  return (
    <div className="mt-1 border-t pt-1">
      {pages.map(({ href, name, icon: Icon }) => (
        <Menu.LinkItem key={href} closeOnClick className={popupItemClass} render={<Link href={href} />}>
          <span className="text-3">
            <Icon size={16} aria-hidden />
          </span>
          <span className="flex-1">{t(name)}</span>
        </Menu.LinkItem>
      ))}
    </div>
  )
}

export function PreferencesPopup() {
  const label = useTranslations('language')('preferences')
  return (
    <Menu.Portal>
      <Menu.Positioner sideOffset={4} collisionPadding={8} className="z-50">
        <Menu.Popup
          aria-label={label}
          className={cn(popupClass, 'max-h-(--available-height) min-w-44 overflow-y-auto p-1')}
        >
          <ThemeChoice />
          <LanguageChoice />
          <DigitsChoice />
          <Pages />
        </Menu.Popup>
      </Menu.Positioner>
    </Menu.Portal>
  )
}
