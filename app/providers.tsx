'use client'
import { TooltipProvider } from '@base-ui/parts/tooltip/provider/TooltipProvider.mjs'
import { CSPProvider } from '@base-ui/react/csp-provider'
import { DirectionProvider } from '@base-ui/react/direction-provider'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { ThemeProvider } from 'next-themes'
import { type ReactNode, useState } from 'react'
import { IntlProvider, type Messages } from 'use-intl'
import { ToastProvider } from '#components/ui/toast.tsx'
import { AppError } from '#lib/core/errors.ts'
import { directionOf, type Locale } from '#lib/i18n/locale.ts'

/** Retries only errors that may be temporary; a rejected request is not retried. */
const mayPass = (error: unknown) => !(error instanceof AppError) || error.status >= 502

// The server runs on this computer or on the local network: the browser's online status is irrelevant.
const networkMode = 'always'

const makeQueryClient = () =>
  new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 2_000,
        retry: (failures, error) => failures < 2 && mayPass(error),
        networkMode,
      },
      mutations: { networkMode },
    },
  })

interface ProvidersProps {
  nonce: string | undefined
  locale: Locale
  messages: Messages
  children: ReactNode
}

export function Providers({ nonce, locale, messages, children }: ProvidersProps) {
  const [queries] = useState(makeQueryClient)
  return (
    <CSPProvider nonce={nonce}>
      <DirectionProvider direction={directionOf(locale)}>
        <IntlProvider locale={locale} messages={messages} timeZone="UTC">
          <ThemeProvider attribute="class" defaultTheme="system" nonce={nonce} disableTransitionOnChange>
            <QueryClientProvider client={queries}>
              <TooltipProvider delay={400}>
                <ToastProvider>{children}</ToastProvider>
              </TooltipProvider>
            </QueryClientProvider>
          </ThemeProvider>
        </IntlProvider>
      </DirectionProvider>
    </CSPProvider>
  )
}
