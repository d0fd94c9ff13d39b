'use client'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { useOwnName } from '#components/providers/use-provider-name.ts'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import { Fact, Facts } from '#components/ui/facts.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { Field } from '#components/ui/field.tsx'
import { ProgressBar } from '#components/ui/progress-bar.tsx'
import { Select } from '#components/ui/select.tsx'
import { State } from '#components/ui/state.tsx'
import { TruncatedId } from '#components/ui/truncated-id.tsx'
import { useFormat } from '#components/ui/use-format.ts'
import { uploadMutation } from '#lib/datasets/mutations.ts'
import type { DatasetSummary, Split, Upload } from '#lib/datasets/schema.ts'
import { providersQuery } from '#lib/providers/queries.ts'
import type { ProviderId } from '#lib/providers/schema.ts'

export interface SendDialogProps {
  dataset: DatasetSummary
  open: boolean
  onOpenChange: (open: boolean) => void
}

function Stored({ upload, provider }: { upload: Upload; provider: string }) {
  const { bytes } = useFormat()
  const t = useTranslations('datasets.send')
  return (
    <div role="status" className="grid gap-2">
      <State tone="ok">{t(upload.reused ? 'reused' : 'stored', { provider })}</State>
      <Facts>
        <Fact label={t('file')}>
          <TruncatedId id={upload.fileId} copy />
        </Fact>
        <Fact label={t('size')}>{bytes(upload.bytes)}</Fact>
        <Fact label={t('sha')}>
          <TruncatedId id={upload.sha256} copy />
        </Fact>
      </Facts>
    </div>
  )
}

/** Uploads one split to a provider as a training file. */
export function SendDialog({ dataset, open, onOpenChange }: SendDialogProps) {
  const t = useTranslations('datasets')
  const nameOf = useOwnName()
  const { data: providers = [] } = useQuery({ ...providersQuery(), enabled: open })
  const [chosen, setChosen] = useState<ProviderId | null>(null)
  const [split, setSplit] = useState<Split>('train')
  const [share, setShare] = useState(0)
  const { mutate, data, error, isPending, reset } = useMutation({
    ...uploadMutation(dataset.id, setShare),
    onMutate: () => setShare(0),
  })
  const providerId = chosen ?? providers[0]?.id ?? null
  const provider = providers.find(({ id }) => id === providerId)
  const empty = dataset[split].examples === 0
  const reason = empty ? t('send.empty') : t('send.noProvider')
  return (
    <Dialog
      title={t('send.title')}
      description={t('send.sentence')}
      open={open}
      onOpenChange={(next) => {
        onOpenChange(next)
        reset()
      }}
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>{t('send.close')}</Button>
          <Button
            variant="primary"
            busy={isPending}
            busyLabel={t('send.sending')}
            disabled={providerId === null || empty}
            reason={reason}
            onClick={() => providerId && mutate({ split, providerId })}
          >
            {t('send.send')}
          </Button>
        </>
      }
    >
      <div className="grid gap-4">
        <Field label={t('send.provider')}>
          <Select
            value={providerId}
            onValueChange={(id) => {
              setChosen(id)
              reset()
            }}
            options={providers.map((one) => ({ value: one.id, label: nameOf(one) }))}
            placeholder={t('send.noProvider')}
          />
        </Field>
        <Field label={t('send.rows')}>
          <Select
            value={split}
            onValueChange={(next) => {
              setSplit(next)
              reset()
            }}
            options={(['train', 'heldout'] as const).map((value) => ({
              value,
              label: t(`row.${value}`),
              detail: String(dataset[value].examples),
            }))}
          />
        </Field>
        {isPending && <ProgressBar value={share} max={1} label={t('send.sending')} />}
        {error && <Failure error={error} />}
        {data && <Stored upload={data} provider={provider ? nameOf(provider) : data.providerId} />}
      </div>
    </Dialog>
  )
}
