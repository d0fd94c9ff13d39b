'use client'
import { useMutation } from '@tanstack/react-query'
import { useTranslations } from 'use-intl'
import { useProviderName } from '#components/providers/use-provider-name.ts'
import { AlertDialog } from '#components/ui/alert-dialog.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { useErrorWords } from '#components/ui/use-error-words.ts'
import { useFormat } from '#components/ui/use-format.ts'
import { deleteModelsMutation } from '#lib/models/queries.ts'
import type { StudioModel } from '#lib/models/schema.ts'
import { refIn } from './model-options.ts'
import { useModelTitle } from './use-model-title.ts'

/** Names that are listed; of more the number. */
const NAMED = 8

interface DeleteDialogProps {
  models: readonly StudioModel[]
  onClose: () => void
}

/** What goes, by name. */
function Names({ models }: Pick<DeleteDialogProps, 'models'>) {
  const { bytes } = useFormat()
  const t = useTranslations('models.remove')
  const title = useModelTitle()
  const size = models.reduce((sum, model) => sum + (model.bytes ?? 0), 0)
  return (
    <>
      <ul className="grid list-disc gap-0.5 ps-5 text-2">
        {models.slice(0, NAMED).map((model) => (
          <li key={model.id}>
            <bdi>{title(model)}</bdi>
          </li>
        ))}
        {models.length > NAMED && <li>{t('others', { count: models.length - NAMED })}</li>}
      </ul>
      {size > 0 && <p className="text-2">{t('frees', { size: bytes(size) })}</p>}
    </>
  )
}

/** Says what is deleted permanently, and what remains. */
export function DeleteDialog({ models, onClose }: DeleteDialogProps) {
  const t = useTranslations('models')
  const { list } = useFormat()
  const title = useModelTitle()
  const say = useErrorWords()
  const nameOf = useProviderName()
  const remove = useMutation({
    ...deleteModelsMutation(),
    onSuccess: ({ refused }) => {
      if (refused.length === 0) onClose()
    },
  })
  const [first] = models
  const away = [...new Set(models.map(({ providerId }) => providerId))].filter((id) => id !== 'embedded')
  const refused = remove.data?.refused ?? []
  return (
    <AlertDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('remove.title', { count: models.length, model: first ? title(first) : '' })}
      description={[
        models.some(({ providerId }) => providerId === 'embedded') && t('remove.embedded'),
        away.length > 0 && t('remove.distant', { provider: list(away.map(nameOf)) }),
        t('remove.stays'),
      ]
        .filter(Boolean)
        .join(' ')}
      confirmLabel={t('remove.confirm', { count: models.length })}
      disabled={remove.data !== undefined}
      busy={remove.isPending}
      onConfirm={() => remove.mutate(models.map(refIn))}
    >
      {models.length > 1 && <Names models={models} />}
      {refused.length > 0 && (
        <ul role="alert" className="grid gap-1 text-bad">
          {refused.map((one) => (
            <li key={one.model}>{say(one)}</li>
          ))}
        </ul>
      )}
      {remove.error && <Failure error={remove.error} />}
    </AlertDialog>
  )
}
