'use client'
import { useQuery } from '@tanstack/react-query'
import Bookmark from 'lucide-react/icons/bookmark'
import ChevronDown from 'lucide-react/icons/chevron-down'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { lazily } from '#components/ui/lazily.tsx'
import { Menu } from '#components/ui/menu.tsx'
import { addressOf, type ListName, MOST_QUERY } from '#lib/views/address.ts'
import { viewsQuery } from '#lib/views/queries.ts'
import type { SavedView } from '#lib/views/schema.ts'
import { wordsFor } from './words.ts'

const SaveView = lazily(() => import('./save-view.tsx').then((module) => module.SaveView))

const ManageViews = lazily(() => import('./manage-views.tsx').then((module) => module.ManageViews))

interface ViewsMenuProps {
  list: ListName
  /** What the list shows now, as in its address; empty for all of it in its usual order. */
  query: string
  /** Shows a view; without it, its address does. */
  onOpen?: (view: SavedView) => unknown
}

/** The saved views of a page: opens one, saves what is shown, leads to their names. */
export function ViewsMenu({ list, query, onOpen }: ViewsMenuProps) {
  const t = useTranslations(wordsFor(list))
  const { data } = useQuery(viewsQuery())
  const [open, setOpen] = useState<'save' | 'manage' | null>(null)
  const views = data?.filter((view) => view.list === list) ?? []
  const current = views.find((view) => view.query === query)
  const close = () => setOpen(null)
  const tooLong = query.length > MOST_QUERY ? t('tooLong') : null
  const reason = query === '' ? t('nothing') : tooLong
  return (
    <>
      <Menu
        label={t('title')}
        align="start"
        trigger={
          <Button variant="ghost" icon={<Bookmark size={14} aria-hidden />}>
            <span className="inline-flex min-w-0 items-center gap-1.5">
              <bdi className="max-w-40 truncate">{current?.name ?? t('title')}</bdi>
              <ChevronDown size={14} aria-hidden />
            </span>
          </Button>
        }
        items={[
          ...views.map((view) => ({
            label: view.name,
            ...(onOpen ? { onSelect: () => onOpen(view) } : { href: addressOf(view) }),
          })),
          ...(views.length > 0 ? [null] : []),
          {
            label: t('save'),
            onSelect: () => setOpen('save'),
            disabled: reason !== null || current !== undefined,
            ...(reason !== null && { reason }),
          },
          ...(views.length > 0 ? [{ label: t('manage'), onSelect: () => setOpen('manage') }] : []),
        ]}
      />
      {open === 'save' && <SaveView list={list} query={query} onClose={close} />}
      {open === 'manage' && <ManageViews list={list} views={views} query={query} onClose={close} />}
    </>
  )
}
