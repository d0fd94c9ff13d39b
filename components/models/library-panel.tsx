'use client'
import { useMutation } from '@tanstack/react-query'
import { useTranslations } from 'use-intl'
import { AlertDialog } from '#components/ui/alert-dialog.tsx'
import { Button } from '#components/ui/button.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { Panel, PanelHead } from '#components/ui/panel.tsx'
import { TextLink } from '#components/ui/text-link.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import { removeModelMutation } from '#lib/models/library-queries.ts'
import type { AddedModel } from '#lib/models/library-schema.ts'
import { DownloadRow } from './download-row.tsx'
import { useLibrary } from './use-library.ts'

function RemoveButton({ model: { name, kind } }: { model: AddedModel }) {
  const t = useTranslations('library')
  const remove = useMutation(removeModelMutation())
  return (
    <AlertDialog
      trigger={
        <Button size="sm" aria-label={t('panel.removeModel', { name })}>
          {t('panel.remove')}
        </Button>
      }
      title={t('remove.title', { name })}
      description={t(`remove.${kind}`)}
      confirmLabel={t('remove.confirm')}
      busy={remove.isPending}
      onConfirm={() => remove.mutate(name)}
    >
      {remove.error && <Failure error={remove.error} />}
    </AlertDialog>
  )
}

function AddedRow({ model }: { model: AddedModel }) {
  const { bytes } = useFormat()
  const t = useTranslations('library.panel')
  const { name, kind, source, licence, problem } = model
  const facts = [licence, model.bytes === null ? null : bytes(model.bytes)].filter(Boolean).join(' · ')
  return (
    <li className="flex items-center gap-3 px-4 py-2">
      <div className="min-w-0 flex-1">
        <p className="flex flex-wrap items-baseline gap-x-3">
          <bdi dir="ltr" className="wrap-anywhere font-medium">
            {name}
          </bdi>
          <span className="min-w-0 text-2 text-meta tabular-nums">
            {kind === 'folder' && `${t('isFolder')} `}
            <bdi dir="ltr" className="wrap-anywhere">
              {source}
            </bdi>
            {facts && ` · ${facts}`}
          </span>
        </p>
        {problem && <p className="wrap-anywhere text-meta text-warn">{t('problem', { problem })}</p>}
      </div>
      {problem === null && (
        <TextLink
          href={`/jobs/new?${new URLSearchParams({ model: name })}`}
          aria-label={t('trainModel', { name })}
        >
          {t('train')}
        </TextLink>
      )}
      <RemoveButton model={model} />
    </li>
  )
}

/** Base models that were added here, and downloads of further ones. Absent where there are none. */
export function LibraryPanel() {
  const t = useTranslations('library.panel')
  const { data, error, refetch, isFetching } = useLibrary()
  if (error && !data)
    return <Failure title={t('loadFailed')} error={error} onRetry={() => refetch()} retrying={isFetching} />
  if (!data || data.downloads.length + data.added.length === 0) return null
  return (
    <Panel aria-labelledby="library">
      <PanelHead id="library" title={t('title')} meta={t('meta')} />
      <ul className="divide-y">
        {data.downloads.map((download) => (
          <DownloadRow key={download.id} download={download} />
        ))}
        {data.added.map((model) => (
          <AddedRow key={model.name} model={model} />
        ))}
      </ul>
    </Panel>
  )
}
