'use client'
import type { ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { Page } from '#components/shell/page.tsx'
import { PageHeader } from '#components/shell/page-header.tsx'
import { Note } from '#components/ui/note.tsx'
import type { HelpName } from '#lib/help/pages.ts'

interface HelpFrameProps {
  name: HelpName
  /** Else the text is in English. */
  translated: boolean
  children: ReactNode
}

/** A page of help around its text. */
export function HelpFrame({ name, translated, children }: HelpFrameProps) {
  const t = useTranslations('help')
  return (
    <>
      <PageHeader crumbs={[{ label: t('title'), href: '/help' }, { label: t(`pages.${name}`) }]} />
      <Page>
        <article className="mx-auto grid w-full max-w-[78ch] grid-cols-[minmax(0,1fr)] gap-4 pb-8 text-read">
          {!translated && <Note>{t('english')}</Note>}
          {translated ? (
            children
          ) : (
            <div lang="en" dir="ltr">
              {children}
            </div>
          )}
        </article>
      </Page>
    </>
  )
}
