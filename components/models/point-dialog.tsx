'use client'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useId, useState } from 'react'
import { useTranslations } from 'use-intl'
import { Combobox } from '#components/ui/combobox.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { Field } from '#components/ui/field.tsx'
import { FormButtons } from '#components/ui/form-buttons.tsx'
import { Input } from '#components/ui/input.tsx'
import { useErrorWords } from '#components/ui/use-error-words.ts'
import { issueWords } from '#lib/i18n/issue-words.ts'
import { pointAliasMutation } from '#lib/models/queries.ts'
import { AliasDraft, type ModelRef, type StudioModel } from '#lib/models/schema.ts'
import { refKey, refOf } from './model-options.ts'
import { useModelOptions } from './use-model-options.ts'

export interface PointStart {
  /** Name of an existing alias; null to create one. */
  name: string | null
  ref: ModelRef | null
}

interface PointDialogProps {
  start: PointStart
  models: readonly StudioModel[]
  onClose: () => void
}

type Faults = Partial<Record<'name' | 'model', string>>

function useForm({ start, onClose }: Pick<PointDialogProps, 'start' | 'onClose'>) {
  const t = useTranslations('aliases.dialog')
  const say = useErrorWords()
  const [name, setName] = useState(start.name ?? '')
  const [model, setModel] = useState(start.ref && refKey(start.ref))
  const [why, setWhy] = useState('')
  const [faults, setFaults] = useState<Faults>({})
  const save = useMutation({ ...pointAliasMutation(), onSuccess: onClose })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const ref = model === null ? null : refOf(model)
    const read = AliasDraft.safeParse({ name, why, ...ref })
    if (read.success) {
      save.mutate(read.data)
      return
    }
    const wrong = read.error.issues.find(({ path: [field] }) => field === 'name')
    setFaults({ name: wrong && say(issueWords(wrong)), model: ref ? undefined : t('noModel') })
  }
  const values = { name, model, why }
  const set = {
    name: (next: string) => {
      setName(next)
      setFaults(({ model }) => ({ model }))
    },
    model: (next: string) => {
      setModel(next)
      setFaults(({ name }) => ({ name }))
    },
    why: setWhy,
  }
  return { values, set, faults, save, submit }
}

/** Sets the target model of an alias, with a reason. */
export function PointDialog({ start, models, onClose }: PointDialogProps) {
  const t = useTranslations('aliases.dialog')
  const optionsOf = useModelOptions()
  const form = useId()
  const { values, set, faults, save, submit } = useForm({ start, onClose })
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={start.name === null ? t('title') : t('retitle', { name: start.name })}
      description={t('meaning')}
      footer={<FormButtons form={form} busy={save.isPending} onClose={onClose} />}
    >
      <form id={form} onSubmit={submit} noValidate className="grid gap-4">
        {start.name === null && (
          <Field label={t('name')} hint={t('nameHint')} error={faults.name}>
            <Input mono dir="ltr" value={values.name} onValueChange={set.name} maxLength={64} />
          </Field>
        )}
        <Field label={t('model')} error={faults.model}>
          <Combobox
            label={t('model')}
            placeholder={t('choose')}
            value={values.model}
            onValueChange={set.model}
            options={optionsOf(models)}
          />
        </Field>
        <Field label={t('why')} hint={t('whyHint')} optional>
          <Input value={values.why} onValueChange={set.why} maxLength={500} />
        </Field>
      </form>
      {save.error && <Failure error={save.error} className="mt-3" />}
    </Dialog>
  )
}
