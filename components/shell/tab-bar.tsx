'use client'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { useTranslations } from 'use-intl'
import { isHere, rooms } from './rooms.ts'

/** The navigation of a phone. */
export function TabBar() {
  const t = useTranslations('shell')
  const pathname = usePathname()
  return (
    <nav
      aria-label={t('mainNavigation')}
      className="grid auto-cols-[minmax(3.75rem,1fr)] grid-flow-col overflow-x-auto border-t bg-surface pb-[env(safe-area-inset-bottom)] sm:hidden"
    >
      {rooms.map(({ name, href, icon: Icon }) => (
        <Link
          key={name}
          href={href}
          aria-current={isHere(href, pathname) ? 'page' : undefined}
          className="-outline-offset-2! flex h-14 flex-col items-center justify-center gap-[3px] text-3 text-micro aria-[current]:text-1"
        >
          <Icon size={18} aria-hidden />
          {t(name)}
        </Link>
      ))}
    </nav>
  )
}
