'use client'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { Fragment, useState } from 'react'
import { useTranslations } from 'use-intl'
import { Logo } from '#components/ui/logo.tsx'
import { Opening } from '#components/ui/opening.tsx'
import { EngineState } from './engine-state.tsx'
import { KeySheet } from './key-sheet.tsx'
import { Palette } from './palette/palette.tsx'
import { PreferencesMenu } from './preferences-menu.tsx'
import { isHere, rooms } from './rooms.ts'
import { useJumps } from './use-jumps.ts'

const entry =
  'relative flex h-8 items-center justify-center gap-2.5 rounded-md px-2 font-medium text-2 hover:bg-hover aria-[current]:bg-base-soft aria-[current]:text-1 wide:justify-start [&>svg]:text-3 aria-[current]:[&>svg]:text-1'

/** Labels above 1100 px; below, icons with an accessible name and a tooltip. */
export function Nav() {
  const t = useTranslations('shell')
  const pathname = usePathname()
  const [sheet, setSheet] = useState(false)
  useJumps()
  return (
    <nav aria-label={t('mainNavigation')} className="hidden flex-col border-e px-2 sm:flex">
      <Link
        href="/"
        className="flex h-12 items-center justify-center gap-2.5 rounded-md px-2 font-semibold text-[15px] tracking-[-0.015em] wide:justify-start"
      >
        <Logo />
        <bdi dir="ltr" className="sr-only wide:not-sr-only">
          {t('product')}
        </bdi>
      </Link>
      <Palette onKeys={() => setSheet(true)} />
      <KeySheet open={sheet} onOpenChange={setSheet} />
      {rooms.map(({ name, href, icon: Icon, section }, index) => (
        <Fragment key={name}>
          {section && section !== rooms[index - 1]?.section && (
            <span className="hidden px-2 pt-4 pb-1 text-3 text-micro wide:block">{t(section)}</span>
          )}
          <Link
            href={href}
            title={t(name)}
            aria-current={isHere(href, pathname) ? 'page' : undefined}
            className={entry}
          >
            <Icon size={16} aria-hidden className="shrink-0" />
            <span className="sr-only wide:not-sr-only">{t(name)}</span>
            <Opening />
          </Link>
        </Fragment>
      ))}
      <div className="-mx-2 mt-auto flex flex-col-reverse items-center gap-2 border-t px-3 py-3 wide:flex-row wide:items-start wide:ps-4 wide:pe-2">
        <EngineState />
        <PreferencesMenu />
      </div>
    </nav>
  )
}
