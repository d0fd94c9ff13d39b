'use client'
import { useMutation } from '@tanstack/react-query'
import Download from 'lucide-react/icons/download'
import { useRouter } from 'next/navigation'
import { useTranslations } from 'use-intl'
import { shortName } from '#components/models/model-options.ts'
import { AlertDialog } from '#components/ui/alert-dialog.tsx'
import { Button } from '#components/ui/button.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { Panel, PanelBody, PanelHead } from '#components/ui/panel.tsx'
import { deleteRecordingMutation, linesAddress, recordedDatasetMutation } from '#lib/evals/queries.ts'
import type { EvalPage } from '#lib/evals/schema.ts'

function Delete({ evalId }: { evalId: string }) {
  const t = useTranslations('recording.after')
  const router = useRouter()
  const gone = useMutation({ ...deleteRecordingMutation(evalId), onSuccess: () => router.push('/evals') })
  return (
    <AlertDialog
      title={t('deleteTitle')}
      description={t('deleteMeaning')}
      confirmLabel={t('delete')}
      busy={gone.isPending || gone.isSuccess}
      onConfirm={() => gone.mutate()}
      trigger={<Button variant="ghost">{t('delete')}</Button>}
    >
      {gone.error && <Failure error={gone.error} />}
    </AlertDialog>
  )
}

/** What a recording is good for: its answers become the expected ones of an evaluation that a successor takes. */
export function RecordingPanel({ page }: { page: EvalPage }) {
  const t = useTranslations('recording')
  const router = useRouter()
  const { id, columns, state } = page
  const [first] = columns
  const make = useMutation(recordedDatasetMutation(id))
  const compare = () =>
    make.mutate(
      { name: t('datasetName', { model: shortName(first?.model ?? '') }) },
      {
        onSuccess: (dataset) =>
          router.push(`/evals/new?${new URLSearchParams({ dataset: dataset.id, recording: id })}`),
      },
    )
  const isEmpty = columns.every(({ answered }) => answered === 0)
  const hasEnded = state !== 'running' && state !== 'paused'
  return (
    <Panel aria-labelledby="recording-after">
      <PanelHead id="recording-after" title={t('after.title')} />
      <PanelBody className="grid gap-3">
        <p className="max-w-[80ch] text-2">{t('after.meaning')}</p>
        {make.error && <Failure error={make.error} />}
        <div className="flex flex-wrap items-center gap-2">
          <Button
            variant="primary"
            busy={make.isPending || make.isSuccess}
            busyLabel={t('after.making')}
            disabled={isEmpty}
            reason={isEmpty ? t('after.waits') : undefined}
            onClick={compare}
          >
            {t('after.make')}
          </Button>
          <LinkButton
            href={linesAddress(id)}
            download
            prefetch={false}
            icon={<Download size={16} aria-hidden />}
          >
            {t('after.lines')}
          </LinkButton>
          {hasEnded && <Delete evalId={id} />}
        </div>
      </PanelBody>
    </Panel>
  )
}
