'use client'
import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { EngineBanner } from './engine-banner.tsx'
import { Nav } from './nav.tsx'
import { OpeningPage } from './opening/opening-page.tsx'
import { TabBar } from './tab-bar.tsx'

const grid =
  'grid h-dvh grid-cols-[minmax(0,1fr)] grid-rows-[minmax(0,1fr)_auto] sm:grid-cols-[56px_minmax(0,1fr)] sm:grid-rows-1 wide:grid-cols-[var(--nav)_minmax(0,1fr)]'

/** Navigation around every page. A page renders its own PageHeader and Page. */
export function AppShell({ children }: { children: ReactNode }) {
  const t = useTranslations('shell')
  return (
    <div className={grid}>
      <a
        href="#content"
        className="fixed start-2 top-2 z-50 -translate-y-16 rounded-md bg-accent px-3 py-2 font-medium text-on-accent focus-visible:translate-y-0"
      >
        {t('skip')}
      </a>
      <Nav />
      <main
        id="content"
        tabIndex={-1}
        className="relative flex min-h-0 min-w-0 flex-col overflow-clip outline-none"
      >
        <EngineBanner />
        <OpeningPage>{children}</OpeningPage>
      </main>
      <TabBar />
    </div>
  )
}
