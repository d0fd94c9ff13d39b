'use client'
import { useMutation } from '@tanstack/react-query'
import Check from 'lucide-react/icons/check'
import ListRestart from 'lucide-react/icons/list-restart'
import Trash2 from 'lucide-react/icons/trash-2'
import { type FormEvent, useState } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { IconButton } from '#components/ui/icon-button.tsx'
import { Input } from '#components/ui/input.tsx'
import { useToast } from '#components/ui/toast.tsx'
import { type ListName, MOST_QUERY } from '#lib/views/address.ts'
import { changeViewMutation, deleteViewMutation, saveViewMutation } from '#lib/views/queries.ts'
import { type SavedView, ViewChange } from '#lib/views/schema.ts'
import { wordsFor } from './words.ts'

interface LineProps {
  view: SavedView
  /** What the page shows now. */
  query: string
}

function Line({ view, query }: LineProps) {
  const t = useTranslations(wordsFor(view.list))
  const toast = useToast()
  const [name, setName] = useState(view.name)
  const change = useMutation(changeViewMutation())
  const save = useMutation(saveViewMutation())
  const remove = useMutation({
    ...deleteViewMutation(),
    onSuccess: () => toast({ text: t('deleted', { name: view.name }), undo: () => save.mutate(view) }),
  })
  const read = ViewChange.safeParse({ name })
  const isRenamed = read.success && read.data.name !== view.name
  const rename = (event: FormEvent) => {
    event.preventDefault()
    if (isRenamed) change.mutate({ id: view.id, ...read.data })
  }
  const error = change.error ?? remove.error
  return (
    <li className="grid gap-1.5">
      <form onSubmit={rename} className="flex items-center gap-1">
        <Input
          aria-label={t('nameOf', { name: view.name })}
          value={name}
          onValueChange={setName}
          className="flex-1"
        />
        <IconButton type="submit" label={t('rename', { name })} disabled={!isRenamed} busy={change.isPending}>
          <Check size={16} aria-hidden />
        </IconButton>
        <IconButton
          label={t('replace', { name: view.name })}
          disabled={query === '' || query.length > MOST_QUERY || query === view.query}
          onClick={() => change.mutate({ id: view.id, query })}
        >
          <ListRestart size={16} aria-hidden />
        </IconButton>
        <IconButton
          label={t('delete', { name: view.name })}
          busy={remove.isPending}
          onClick={() => remove.mutate(view.id)}
        >
          <Trash2 size={16} aria-hidden />
        </IconButton>
      </form>
      {error && <Failure error={error} />}
    </li>
  )
}

interface ManageViewsProps {
  list: ListName
  views: readonly SavedView[]
  query: string
  onClose: () => void
}

/** Renames and deletes the views of a page, and has one show what the page shows now. */
export function ManageViews({ list, views, query, onClose }: ManageViewsProps) {
  const t = useTranslations(wordsFor(list))
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('manageTitle')}
      footer={<Button onClick={onClose}>{t('close')}</Button>}
    >
      {views.length === 0 ? (
        <p className="text-3">{t('none')}</p>
      ) : (
        <ul className="grid gap-2">
          {views.map((view) => (
            <Line key={view.id} view={view} query={query} />
          ))}
        </ul>
      )}
    </Dialog>
  )
}
