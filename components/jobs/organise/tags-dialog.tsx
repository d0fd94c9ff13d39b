'use client'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useId, useState } from 'react'
import { useTranslations } from 'use-intl'
import { Dialog } from '#components/ui/dialog.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { FormButtons } from '#components/ui/form-buttons.tsx'
import { useFieldWords } from '#components/ui/use-error-words.ts'
import { wordsByPath } from '#lib/i18n/issue-words.ts'
import { organiseJobsMutation } from '#lib/jobs/queries.ts'
import { type Job, JobsChange } from '#lib/jobs/schema.ts'
import { TagField } from './tag-field.tsx'
import { tagsIn } from './tag-text.ts'

interface TagsDialogProps {
  jobs: readonly Job[]
  onClose: () => void
}

/** Adds tags to several jobs, and removes those that some of them have. */
export function TagsDialog({ jobs, onClose }: TagsDialogProps) {
  const t = useTranslations('jobList.organise')
  const say = useFieldWords()
  const form = useId()
  const [text, setText] = useState('')
  const [removed, setRemoved] = useState<readonly string[]>([])
  const [wrong, setWrong] = useState<string>()
  const { mutate, isPending, error } = useMutation({ ...organiseJobsMutation(), onSuccess: onClose })
  const present = [...new Set(jobs.flatMap(({ tags }) => tags))].sort()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const read = JobsChange.safeParse({ ids: jobs.map(({ id }) => id), added: tagsIn(text), removed })
    setWrong(Object.values(say(wordsByPath(read.error)))[0])
    if (read.success) mutate(read.data)
  }
  const toggle = (tag: string) =>
    setRemoved((now) => (now.includes(tag) ? now.filter((one) => one !== tag) : [...now, tag]))
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('tagsTitle', { count: jobs.length })}
      footer={<FormButtons form={form} busy={isPending} onClose={onClose} />}
    >
      <form id={form} onSubmit={submit} noValidate className="grid gap-4">
        <TagField label={t('addTags')} value={text} onChange={setText} error={wrong} />
        {present.length > 0 && (
          <fieldset className="grid gap-1.5">
            <legend className="mb-1.5 font-medium">{t('removeTags')}</legend>
            {present.map((tag) => (
              <label key={tag} className="flex items-center gap-2">
                <input
                  type="checkbox"
                  checked={removed.includes(tag)}
                  onChange={() => toggle(tag)}
                  className="size-4 accent-(--accent)"
                />
                <bdi>{tag}</bdi>
              </label>
            ))}
          </fieldset>
        )}
        {error && <Failure error={error} />}
      </form>
    </Dialog>
  )
}
