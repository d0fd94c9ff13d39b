import '@fontsource-variable/inter/index.css'
import '@fontsource-variable/jetbrains-mono/index.css'
import '@fontsource/ibm-plex-sans-arabic/400.css'
import '@fontsource/ibm-plex-sans-arabic/500.css'
import '@fontsource/ibm-plex-sans-arabic/600.css'
import './globals.css'
import type { Metadata, Viewport } from 'next'
import { headers } from 'next/headers'
import { connection } from 'next/server'
import type { ReactNode } from 'react'
import { AppShell } from '#components/shell/app-shell.tsx'
import { DataFolderProvider } from '#components/shell/key-line.tsx'
import { SpaceBanner } from '#components/storage/space-banner.tsx'
import { env } from '#lib/env.ts'
import { messagesOf } from '#lib/i18n/catalogues.ts'
import { directionOf, languageOf } from '#lib/i18n/locale.ts'
import { requestLocale, requestWords } from '#lib/i18n/request.ts'
import { getSpace } from '#lib/storage/space.ts'
import { Providers } from './providers.tsx'

export async function generateMetadata(): Promise<Metadata> {
  const t = await requestWords('shell')
  return {
    title: { default: t('product'), template: `%s · ${t('product')}` },
    description: t('tagline'),
    icons: { icon: '/mark.svg' },
    referrer: 'no-referrer',
  }
}

export const viewport: Viewport = {
  viewportFit: 'cover',
  themeColor: [
    { media: '(prefers-color-scheme: light)', color: '#fafaf8' },
    { media: '(prefers-color-scheme: dark)', color: '#0e0e0f' },
  ],
}

/** Every page is rendered per request, because the request guard issues a nonce per request. */
export default async function Layout({ children }: { children: ReactNode }) {
  await connection()
  const nonce = (await headers()).get('x-nonce') ?? undefined
  const locale = await requestLocale()
  return (
    <html lang={languageOf(locale)} dir={directionOf(locale)} suppressHydrationWarning>
      <body>
        <Providers nonce={nonce} locale={locale} messages={messagesOf(locale)}>
          <DataFolderProvider folder={process.env.LIMERICK_DATA ? env().dataFolder : null}>
            <AppShell>
              <SpaceBanner initial={await getSpace()} />
              {children}
            </AppShell>
          </DataFolderProvider>
        </Providers>
      </body>
    </html>
  )
}
