'use client'
import ChevronRight from 'lucide-react/icons/chevron-right'
import CircleHelp from 'lucide-react/icons/circle-question-mark'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { Fragment, type ReactNode } from 'react'
import { useTranslations } from 'use-intl'
import { Logo } from '#components/ui/logo.tsx'
import { type HelpName, helpAddress } from '#lib/help/pages.ts'
import { PreferencesMenu } from './preferences-menu.tsx'

interface Crumb {
  label: string
  href?: string
}

export interface PageHeaderProps {
  /** Breadcrumbs from the section to this page; the last one is the page's heading. */
  crumbs: readonly Crumb[]
  /** Placed before the last crumb, such as a tile. */
  lead?: ReactNode
  /** Placed after the last crumb, such as a chip, a state or a job number. */
  meta?: ReactNode
  /** Actions at the end, with at most one primary. */
  children?: ReactNode
  /** The page of help about this page. */
  help?: HelpName
  /** false if the page renders its own heading. */
  heading?: boolean
}

export function PageHeader({ crumbs, lead, meta, children, help, heading = true }: PageHeaderProps) {
  const t = useTranslations('shell')
  const pages = useTranslations('help.pages')
  // A phone has no menu at the side: its language and theme are chosen on the first page.
  const isHome = usePathname() === '/'
  const here = crumbs.at(-1)
  const Title = heading ? 'h1' : 'span'
  return (
    <header className="flex h-12 shrink-0 items-center gap-2 border-b px-(--gutter) sm:gap-3">
      <Link
        href="/"
        aria-label={t('home')}
        className="-ms-1.5 grid size-8 shrink-0 place-items-center rounded-md sm:hidden"
      >
        <Logo size={18} />
      </Link>
      <nav aria-label={t('breadcrumbs')} className="min-w-0">
        <ol className="flex min-w-0 items-center gap-1.5 font-medium">
          {crumbs.slice(0, -1).map((crumb) => (
            <Fragment key={crumb.label}>
              <li className="hidden shrink-0 sm:block">
                <Link href={crumb.href ?? '/'} className="rounded-xs text-3 hover:text-1">
                  {crumb.label}
                </Link>
              </li>
              <li aria-hidden="true" className="hidden sm:block">
                <ChevronRight size={14} className="flip-rtl text-disabled" />
              </li>
            </Fragment>
          ))}
          <li className="flex min-w-0 items-center gap-2">
            {lead}
            <Title className="truncate" aria-current="page">
              <bdi>{here?.label}</bdi>
            </Title>
            {help && (
              <Link
                href={helpAddress(help)}
                prefetch={false}
                title={t('helpAbout', { page: pages(help) })}
                aria-label={t('helpAbout', { page: pages(help) })}
                className="hidden size-6 shrink-0 place-items-center rounded-full text-3 hover:text-1 sm:grid"
              >
                <CircleHelp size={14} aria-hidden />
              </Link>
            )}
            {meta && <span className="flex shrink-0 items-center gap-2 font-normal text-3">{meta}</span>}
          </li>
        </ol>
      </nav>
      {(children || isHome) && (
        <div className="ms-auto flex shrink-0 items-center gap-2">
          {children}
          {isHome && (
            <span className="sm:hidden">
              <PreferencesMenu />
            </span>
          )}
        </div>
      )}
    </header>
  )
}
