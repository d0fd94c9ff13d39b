'use client'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { AlertDialog } from '#components/ui/alert-dialog.tsx'
import { Button } from '#components/ui/button.tsx'
import { cn } from '#components/ui/cn.ts'
import { Failure } from '#components/ui/failure.tsx'
import { lazily } from '#components/ui/lazily.tsx'
import { Panel, PanelHead } from '#components/ui/panel.tsx'
import { State } from '#components/ui/state.tsx'
import { Table, Td, Th, Tr } from '#components/ui/table.tsx'
import { TextLink } from '#components/ui/text-link.tsx'
import { Time } from '#components/ui/time.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import { callerKeysQuery, revokeKeyMutation } from '#lib/auth/queries.ts'
import { type CallerKey, FIRST_KEY } from '#lib/auth/schema.ts'

const NewKeyDialog = lazily(() => import('./new-key-dialog.tsx').then((module) => module.NewKeyDialog))

const wideOnly = 'hidden sm:table-cell'

function Name({ caller: { id, name } }: { caller: CallerKey }) {
  const t = useTranslations('apiKeys')
  if (id !== FIRST_KEY)
    return (
      <span title={name} className="block truncate font-medium">
        <bdi>{name}</bdi>
      </span>
    )
  return (
    <span className="flex flex-wrap items-baseline gap-x-2">
      <span className="font-medium">{t('first')}</span>
      <TextLink href="/providers" className="text-meta">
        {t('firstMeaning')}
      </TextLink>
    </span>
  )
}

interface RowProps {
  caller: CallerKey
  onRevoke: () => void
}

function Row({ caller, onRevoke }: RowProps) {
  const { count } = useFormat()
  const t = useTranslations('apiKeys')
  const { id, name, prefix, createdAt, lastUsedAt, calls, revokedAt } = caller
  return (
    <Tr className={cn(revokedAt !== null && 'text-3')}>
      <Td className="w-full min-w-28 max-w-0 whitespace-normal!">
        <Name caller={caller} />
      </Td>
      <Td mono className={wideOnly}>
        <bdi dir="ltr">{prefix}…</bdi>
      </Td>
      <Td quiet align="end" className={wideOnly}>
        {createdAt === null ? '–' : <Time at={createdAt} />}
      </Td>
      <Td quiet align="end">
        {lastUsedAt === null ? t('never') : <Time at={lastUsedAt} />}
      </Td>
      <Td align="end" className={wideOnly}>
        {count(calls)}
      </Td>
      <Td className={wideOnly}>
        <State quiet tone={revokedAt === null ? 'ok' : 'mute'} kind={revokedAt === null ? 'full' : 'ring'}>
          {t(revokedAt === null ? 'live' : 'revoked')}
        </State>
      </Td>
      <Td align="end">
        {revokedAt === null && id !== FIRST_KEY && (
          <Button size="sm" aria-label={t('revokeKey', { name })} onClick={onRevoke}>
            {t('revoke')}
          </Button>
        )}
        {revokedAt !== null && <span className="sm:hidden">{t('revoked')}</span>}
      </Td>
    </Tr>
  )
}

function KeyTable({ keys, onRevoke }: { keys: readonly CallerKey[]; onRevoke: (key: CallerKey) => void }) {
  const t = useTranslations('apiKeys')
  return (
    <Table caption={t('title')}>
      <thead>
        <tr>
          <Th>{t('columns.name')}</Th>
          <Th className={wideOnly}>{t('columns.key')}</Th>
          <Th align="end" className={wideOnly}>
            {t('columns.made')}
          </Th>
          <Th align="end">{t('columns.used')}</Th>
          <Th align="end" className={wideOnly}>
            {t('columns.calls')}
          </Th>
          <Th className={wideOnly}>{t('columns.state')}</Th>
          <Th align="end">
            <span className="sr-only">{t('columns.actions')}</span>
          </Th>
        </tr>
      </thead>
      <tbody>
        {keys.map((caller) => (
          <Row key={caller.id} caller={caller} onRevoke={() => onRevoke(caller)} />
        ))}
      </tbody>
    </Table>
  )
}

function RevokeDialog({ caller: { id, name }, onClose }: { caller: CallerKey; onClose: () => void }) {
  const t = useTranslations('apiKeys')
  const revoke = useMutation({ ...revokeKeyMutation(), onSuccess: onClose })
  return (
    <AlertDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('revokeTitle', { name })}
      description={t('revokeMeaning')}
      confirmLabel={t('revokeConfirm')}
      busy={revoke.isPending}
      onConfirm={() => revoke.mutate(id)}
    >
      {revoke.error && <Failure error={revoke.error} />}
    </AlertDialog>
  )
}

/** The API keys, one per program. */
export function KeysPanel() {
  const t = useTranslations('apiKeys')
  const { data: keys = [], error, refetch } = useQuery(callerKeysQuery())
  const [making, setMaking] = useState(false)
  const [revoking, setRevoking] = useState<CallerKey | null>(null)
  return (
    <Panel aria-labelledby="callers">
      <PanelHead id="callers" title={t('title')} meta={t('meta')}>
        <Button size="sm" onClick={() => setMaking(true)}>
          {t('make')}
        </Button>
      </PanelHead>
      {error && <Failure error={error} onRetry={() => refetch()} />}
      <KeyTable keys={keys} onRevoke={setRevoking} />
      {making && <NewKeyDialog onClose={() => setMaking(false)} />}
      {revoking && <RevokeDialog caller={revoking} onClose={() => setRevoking(null)} />}
    </Panel>
  )
}
