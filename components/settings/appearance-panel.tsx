'use client'
import { useTheme } from 'next-themes'
import { type ReactNode, useSyncExternalStore } from 'react'
import { useLocale, useTranslations } from 'use-intl'
import { useChooseLocale } from '#components/shell/use-choose-locale.ts'
import { Panel, PanelHead } from '#components/ui/panel.tsx'
import { Segmented } from '#components/ui/segmented.tsx'
import { DEFAULT_LOCALE, DIGITS, digitsOf, LANGUAGES, type Language, languageOf } from '#lib/i18n/locale.ts'

const THEMES = ['light', 'dark', 'system'] as const
type Theme = (typeof THEMES)[number]

const Line = ({ label, children }: { label: string; children: ReactNode }) => (
  <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 border-t px-4 py-2.5 first:border-t-0">
    <span aria-hidden="true" className="font-medium">
      {label}
    </span>
    {children}
  </div>
)

const nothing = () => () => {}

/** The theme is known to the browser alone: the server draws the switch without a choice. */
function ThemeLine() {
  const t = useTranslations('shell.theme')
  const { theme, setTheme } = useTheme()
  const isBrowser = useSyncExternalStore(
    nothing,
    () => true,
    () => false,
  )
  const chosen = THEMES.find((name) => name === theme) ?? 'system'
  return (
    <Line label={t('label')}>
      <Segmented<Theme | ''>
        label={t('label')}
        value={isBrowser ? chosen : ''}
        onValueChange={setTheme}
        options={THEMES.map((value) => ({ value, label: t(value) }))}
      />
    </Line>
  )
}

/** Theme, language and digits: kept in this browser. */
export function AppearancePanel() {
  const t = useTranslations('settings.appearance')
  const words = useTranslations('language')
  const locale = useLocale()
  const language = languageOf(locale)
  const choose = useChooseLocale()
  return (
    <Panel aria-label={t('title')}>
      <PanelHead title={t('title')} meta={t('meta')} />
      <div>
        <ThemeLine />
        <Line label={words('label')}>
          <Segmented<Language>
            label={words('label')}
            value={language}
            onValueChange={(name) => choose(DEFAULT_LOCALE[name])}
            options={Object.entries(LANGUAGES).map(([name, own]) => ({
              value: name as Language,
              label: <bdi lang={name}>{own}</bdi>,
            }))}
          />
        </Line>
        {language === 'ar' && (
          <Line label={words('digits')}>
            <Segmented
              label={words('digits')}
              value={digitsOf(locale)}
              onValueChange={(digits) => choose(digits === 'arab' ? 'ar-u-nu-arab' : 'ar-u-nu-latn')}
              options={Object.entries(DIGITS).map(([value, label]) => ({
                value: value as keyof typeof DIGITS,
                label,
              }))}
            />
          </Line>
        )}
      </div>
    </Panel>
  )
}
