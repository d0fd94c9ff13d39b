'use client'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useId, useState } from 'react'
import { useTranslations } from 'use-intl'
import { Dialog } from '#components/ui/dialog.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { Field } from '#components/ui/field.tsx'
import { FormButtons } from '#components/ui/form-buttons.tsx'
import { Input } from '#components/ui/input.tsx'
import { Textarea } from '#components/ui/textarea.tsx'
import { useFieldWords } from '#components/ui/use-error-words.ts'
import { wordsByPath } from '#lib/i18n/issue-words.ts'
import { organiseJobsMutation } from '#lib/jobs/queries.ts'
import { type Job, JobsChange } from '#lib/jobs/schema.ts'
import { jobName } from '../job-name.ts'
import { TagField } from './tag-field.tsx'
import { tagChange, tagsIn, tagText } from './tag-text.ts'

interface EditDialogProps {
  job: Job
  onClose: () => void
}

/** Name, tags and note of a job: kept here, told to no provider. */
export function EditDialog({ job, onClose }: EditDialogProps) {
  const t = useTranslations('jobList.organise')
  const say = useFieldWords()
  const form = useId()
  const [name, setName] = useState(job.name ?? '')
  const [tags, setTags] = useState(tagText(job.tags))
  const [note, setNote] = useState(job.note ?? '')
  const [wrong, setWrong] = useState<Record<string, string>>({})
  const { mutate, isPending, error } = useMutation({ ...organiseJobsMutation(), onSuccess: onClose })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const change = { ids: [job.id], name, note, ...tagChange(job.tags, tagsIn(tags)) }
    const read = JobsChange.safeParse(change)
    setWrong(say(wordsByPath(read.error)))
    if (read.success) mutate(read.data)
  }
  const wrongTag = Object.entries(wrong).find(([path]) => path.startsWith('added'))?.[1]
  const plainName = jobName({ ...job, name: null })
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('editTitle', { name: jobName(job), number: job.number })}
      footer={<FormButtons form={form} busy={isPending} onClose={onClose} />}
    >
      <form id={form} onSubmit={submit} noValidate className="grid gap-4">
        <Field label={t('name')} hint={t('nameHint')} error={wrong.name} optional>
          <Input value={name} onValueChange={setName} placeholder={plainName} />
        </Field>
        <TagField label={t('tags')} value={tags} onChange={setTags} error={wrongTag} />
        <Field label={t('note')} error={wrong.note} optional>
          <Textarea value={note} onValueChange={setNote} rows={3} className="max-h-60 overflow-y-auto" />
        </Field>
        {error && <Failure error={error} />}
      </form>
    </Dialog>
  )
}
