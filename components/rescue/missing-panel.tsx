'use client'
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useId } from 'react'
import { useTranslations } from 'use-intl'
import { Panel, PanelHead } from '#components/ui/panel.tsx'
import { Table, Td, Th, Tr } from '#components/ui/table.tsx'
import { TruncatedId } from '#components/ui/truncated-id.tsx'
import { useErrorWords } from '#components/ui/use-error-words.ts'
import { missingQuery } from '#lib/rescue/queries.ts'
import type { MissingItem, Rescue } from '#lib/rescue/schema.ts'

function MissingRow({ item }: { item: MissingItem }) {
  const t = useTranslations('rescue')
  const say = useErrorWords()
  const { kind, id, filename, reason, error, saved } = item
  return (
    <Tr>
      <Td>{t(`kind.${kind}`)}</Td>
      <Td>
        <TruncatedId id={id} head={18} tail={8} copy />
        {filename && (
          <bdi className="block text-3 text-meta" dir="auto">
            {filename}
          </bdi>
        )}
      </Td>
      <Td quiet className="w-full min-w-64 whitespace-normal! py-1.5">
        {t(`reason.${reason}`)}
        {saved && ` (${t('missing.older')})`}
        {error && (
          <span dir="auto" className="wrap-anywhere block text-3 text-meta">
            {say(error)}
          </span>
        )}
      </Td>
    </Tr>
  )
}

/** What is not here, each with the provider's words. */
export function MissingPanel({ rescue }: { rescue: Rescue }) {
  const t = useTranslations('rescue.missing')
  const title = useId()
  const { data: items = [] } = useQuery({
    ...missingQuery(rescue.providerId, rescue.missing),
    placeholderData: keepPreviousData,
  })
  if (rescue.missing === 0 || items.length === 0) return null
  const more = rescue.missing - items.length
  return (
    <Panel aria-labelledby={title}>
      <PanelHead id={title} title={t('title')} meta={more > 0 && t('more', { count: more })} />
      <Table caption={t('caption')} className="max-h-96">
        <thead>
          <tr>
            <Th>{t('kind')}</Th>
            <Th>{t('id')}</Th>
            <Th>{t('reason')}</Th>
          </tr>
        </thead>
        <tbody>
          {items.map((item) => (
            <MissingRow key={`${item.kind} ${item.id}`} item={item} />
          ))}
        </tbody>
      </Table>
    </Panel>
  )
}
