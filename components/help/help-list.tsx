'use client'
import { useTranslations } from 'use-intl'
import { Page } from '#components/shell/page.tsx'
import { PageHeader } from '#components/shell/page-header.tsx'
import { Panel } from '#components/ui/panel.tsx'
import { TextLink } from '#components/ui/text-link.tsx'
import { HELP_PAGES, helpAddress } from '#lib/help/pages.ts'

/** All pages of help, each with what it answers. They are files of this installation: no network is needed. */
export function HelpList() {
  const t = useTranslations('help')
  return (
    <>
      <PageHeader
        crumbs={[{ label: t('title') }]}
        meta={<span className="max-sm:hidden">{t('offline')}</span>}
      />
      <Page>
        <Panel aria-label={t('title')}>
          <ul>
            {HELP_PAGES.map((name) => (
              <li key={name} className="grid gap-0.5 border-t px-4 py-3 first:border-t-0">
                <TextLink href={helpAddress(name)} className="justify-self-start">
                  {t(`pages.${name}`)}
                </TextLink>
                <p className="text-2">{t(`about.${name}`)}</p>
              </li>
            ))}
          </ul>
        </Panel>
      </Page>
    </>
  )
}
