'use client'
import { useRouter } from 'next/navigation'
import { startTransition } from 'react'
import { useTranslations } from 'use-intl'
import { Page } from '#components/shell/page.tsx'
import { PageHeader } from '#components/shell/page-header.tsx'
import { ErrorState } from '#components/ui/error-state.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'

interface ErrorPageProps {
  error: Error & { digest?: string }
  reset: () => void
}

export default function ErrorPage({ error, reset }: ErrorPageProps) {
  const t = useTranslations('errors')
  const router = useRouter()
  const retry = () =>
    startTransition(() => {
      router.refresh()
      reset()
    })
  return (
    <>
      <PageHeader crumbs={[{ label: t('pageTitle') }]} />
      <Page>
        <ErrorState
          className="max-w-[72ch]"
          title={t('pageTitle')}
          facts={[error.digest && t('pageReference', { digest: error.digest })]}
          onRetry={retry}
          actions={
            <LinkButton size="sm" variant="ghost" href="/">
              {t('goHome')}
            </LinkButton>
          }
        >
          {t('pageMeaning')}
        </ErrorState>
      </Page>
    </>
  )
}
