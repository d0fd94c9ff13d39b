'use client'
import { useMutation } from '@tanstack/react-query'
import { useTranslations } from 'use-intl'
import { useProviderName } from '#components/providers/use-provider-name.ts'
import { AlertDialog } from '#components/ui/alert-dialog.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { deleteModelMutation } from '#lib/models/queries.ts'
import type { StudioModel } from '#lib/models/schema.ts'
import { shortName } from './model-options.ts'

interface DeleteDialogProps {
  model: StudioModel
  onClose: () => void
}

/** Says what is deleted permanently, and what remains. */
export function DeleteDialog({ model: { providerId, id }, onClose }: DeleteDialogProps) {
  const t = useTranslations('models')
  const nameOf = useProviderName()
  const remove = useMutation({ ...deleteModelMutation(), onSuccess: onClose })
  const provider = nameOf(providerId)
  return (
    <AlertDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('remove.title', { model: shortName(id) })}
      description={providerId === 'embedded' ? t('remove.embedded') : t('remove.distant', { provider })}
      confirmLabel={t('remove.confirm')}
      busy={remove.isPending}
      onConfirm={() => remove.mutate({ providerId, model: id })}
    >
      {remove.error && <Failure error={remove.error} />}
    </AlertDialog>
  )
}
