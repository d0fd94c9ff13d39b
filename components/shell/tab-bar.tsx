'use client'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { useTranslations } from 'use-intl'
import { Opening } from '#components/ui/opening.tsx'
import { EngineLine } from './engine-state.tsx'
import { isHere, rooms } from './rooms.ts'

/** Bottom navigation on a phone. */
export function TabBar() {
  const t = useTranslations('shell')
  const pathname = usePathname()
  return (
    <nav
      aria-label={t('mainNavigation')}
      className="border-t bg-surface pb-[env(safe-area-inset-bottom)] sm:hidden"
    >
      <EngineLine />
      <div className="flex justify-between overflow-x-auto px-0.5">
        {rooms.map(({ name, href, icon: Icon }) => (
          <Link
            key={name}
            href={href}
            aria-current={isHere(href, pathname) ? 'page' : undefined}
            className="-outline-offset-2! relative flex h-14 min-w-11 flex-col items-center justify-center gap-[3px] px-[3px] text-3 text-[10px] aria-[current]:text-1"
          >
            <Icon size={18} aria-hidden />
            {t(name)}
            <Opening />
          </Link>
        ))}
      </div>
    </nav>
  )
}
