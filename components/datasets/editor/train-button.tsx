'use client'
import { useMutation } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import { LinkButton } from '#components/ui/link-button.tsx'
import { Note } from '#components/ui/note.tsx'
import type { DatasetSummary } from '#lib/datasets/schema.ts'

export interface TrainButtonProps {
  dataset: DatasetSummary
  errors: number
  /** Rows with unsaved edits: a job trains on the saved rows. */
  unsaved: number
  /** @returns whether every row was saved */
  onSaveAll: () => Promise<boolean>
}

/** Asks whether to save unsaved edits before training: neither choice is made silently. */
function Unsaved({ dataset: { id }, unsaved, onSaveAll }: TrainButtonProps) {
  const t = useTranslations('datasets')
  const router = useRouter()
  const [open, setOpen] = useState(false)
  const href = `/jobs/new?dataset=${id}`
  const {
    mutate,
    isPending,
    data: saved,
  } = useMutation({
    mutationFn: onSaveAll,
    onSuccess: (saved) => {
      if (saved) router.push(href)
    },
  })
  return (
    <>
      <Button variant="primary" onClick={() => setOpen(true)}>
        {t('train')}
      </Button>
      <Dialog
        title={t('unsaved.title', { count: unsaved })}
        description={t('unsaved.sentence')}
        open={open}
        onOpenChange={setOpen}
        footer={
          <>
            <LinkButton href={href}>{t('unsaved.without')}</LinkButton>
            <Button
              variant="primary"
              busy={isPending}
              busyLabel={t('unsaved.saving')}
              onClick={() => mutate()}
            >
              {t('unsaved.save')}
            </Button>
          </>
        }
      >
        {saved === false && <Note tone="bad">{t('unsaved.failed')}</Note>}
      </Dialog>
    </>
  )
}

/** Link to a new job, or the reason why training is not possible yet. */
export function TrainButton(props: TrainButtonProps) {
  const { dataset, errors, unsaved } = props
  const { id, state } = dataset
  const t = useTranslations('datasets')
  if (state === 'empty' || errors > 0)
    return (
      <Button disabled reason={state === 'empty' ? t('trainEmpty') : t('trainBlocked', { count: errors })}>
        {t('train')}
      </Button>
    )
  if (unsaved > 0) return <Unsaved {...props} />
  return (
    <LinkButton variant="primary" href={`/jobs/new?dataset=${id}`}>
      {t('train')}
    </LinkButton>
  )
}
