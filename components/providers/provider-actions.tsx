'use client'
import { useMutation } from '@tanstack/react-query'
import MoreHorizontal from 'lucide-react/icons/ellipsis'
import Pencil from 'lucide-react/icons/pencil'
import Trash2 from 'lucide-react/icons/trash-2'
import { type FormEvent, useId, useState } from 'react'
import { useTranslations } from 'use-intl'
import { AlertDialog } from '#components/ui/alert-dialog.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { Field } from '#components/ui/field.tsx'
import { FormButtons } from '#components/ui/form-buttons.tsx'
import { IconButton } from '#components/ui/icon-button.tsx'
import { Input } from '#components/ui/input.tsx'
import { Menu } from '#components/ui/menu.tsx'
import { removeConnectionMutation, renameConnectionMutation } from '#lib/providers/queries.ts'
import type { Provider } from '#lib/providers/schema.ts'

interface DialogProps {
  provider: Provider
  onClose: () => void
}

function RenameDialog({ provider, onClose }: DialogProps) {
  const t = useTranslations('providers.connect')
  const form = useId()
  const [name, setName] = useState(provider.name)
  const rename = useMutation({ ...renameConnectionMutation(), onSuccess: onClose })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    rename.mutate({ id: provider.id, name })
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('rename')}
      footer={<FormButtons form={form} busy={rename.isPending} onClose={onClose} />}
    >
      <form id={form} onSubmit={submit} noValidate>
        <Field label={t('name')}>
          <Input value={name} maxLength={80} onValueChange={setName} />
        </Field>
      </form>
      {rename.error && <Failure error={rename.error} className="mt-3" />}
    </Dialog>
  )
}

function RemoveDialog({ provider, onClose }: DialogProps) {
  const t = useTranslations('providers.connect')
  const remove = useMutation({ ...removeConnectionMutation(), onSuccess: onClose })
  return (
    <AlertDialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('removeTitle', { name: provider.name })}
      description={t('removeMeaning')}
      confirmLabel={t('remove')}
      busy={remove.isPending}
      onConfirm={() => remove.mutate(provider.id)}
    >
      {remove.error && <Failure error={remove.error} />}
    </AlertDialog>
  )
}

/** What can be done with a provider that was added here. */
export function ProviderActions({ provider }: { provider: Provider }) {
  const t = useTranslations('providers.connect')
  const [dialog, setDialog] = useState<'rename' | 'remove' | null>(null)
  const props = { provider, onClose: () => setDialog(null) }
  return (
    <>
      <Menu
        label={t('actions', { name: provider.name })}
        align="end"
        trigger={
          <IconButton size="sm" label={t('actions', { name: provider.name })}>
            <MoreHorizontal size={14} aria-hidden />
          </IconButton>
        }
        items={[
          { label: t('rename'), icon: <Pencil size={14} aria-hidden />, onSelect: () => setDialog('rename') },
          {
            label: t('remove'),
            icon: <Trash2 size={14} aria-hidden />,
            tone: 'danger',
            onSelect: () => setDialog('remove'),
          },
        ]}
      />
      {dialog === 'rename' && <RenameDialog {...props} />}
      {dialog === 'remove' && <RemoveDialog {...props} />}
    </>
  )
}
