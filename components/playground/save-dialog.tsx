'use client'
import { useMutation } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { type FormEvent, useId } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { Field } from '#components/ui/field.tsx'
import { Select } from '#components/ui/select.tsx'
import { Textarea } from '#components/ui/textarea.tsx'
import { useToast } from '#components/ui/toast.tsx'
import { keepLineMutation } from '#lib/datasets/mutations.ts'
import type { Opening } from '#lib/playground/initial-panes.ts'
import { HeldOutChoice } from './held-out-choice.tsx'
import { useSideNames } from './names.ts'
import { exampleLine, homeOf, preferenceLine } from './rows.ts'
import type { Answers } from './use-answers.ts'
import { useHeldOutRow } from './use-held-out.ts'
import type { Place } from './use-panes.ts'
import type { Question } from './use-question.ts'
import { type Kept, NEW, useSaveDraft, useTargets } from './use-save-draft.ts'
import { namesOf } from './win-rate.tsx'

interface SaveDialogProps {
  kind: Kept
  question: Pick<Question, 'system' | 'prompt'>
  places: readonly Place[]
  answers: Answers
  opening: Pick<Opening, 'data'>
  onClose: () => void
}

/** Saves an answer as a training row, or two answers as a preference; the user can correct them first. */
export function SaveDialog(props: SaveDialogProps) {
  const { kind, question, places, opening, onClose } = props
  const t = useTranslations('playground.save')
  const form = useId()
  const router = useRouter()
  const toast = useToast()
  const { datasets, options, first } = useTargets(kind, homeOf(opening))
  const { draft, change, textAt } = useSaveDraft(props, kind)
  const names = useSideNames(namesOf(places, false))
  const sides = places.map((_, index) => ({ value: String(index), label: names[index] ?? '' }))
  const target = draft.target ?? first
  const blank = !draft.answer.trim() || (kind === 'preference' && !draft.worse.trim())
  const same = kind === 'preference' && draft.answer.trim() === draft.worse.trim()
  const heldOut = useHeldOutRow(target === NEW ? null : target, question.prompt)
  const locked = datasets.find(({ id }) => id === target)?.splitLocked ?? false
  const moves = draft.move && !locked
  const waiting = heldOut === undefined ? t('looking') : undefined
  const reason = blank ? t('empty') : same ? t('same') : waiting

  const keep = useMutation({
    ...keepLineMutation(),
    onSuccess: ({ name, href }) => {
      toast({
        text: t('saved', { dataset: name }),
        action: { label: t('open'), onPress: () => router.push(href) },
      })
      onClose()
    },
  })
  const save = () => {
    const { system, prompt } = question
    const asked = { system, prompt, earlier: places[Number(draft.place)]?.earlier ?? [] }
    const line =
      kind === 'example' ? exampleLine(asked, draft.answer) : preferenceLine(asked, draft.answer, draft.worse)
    const name = options.find(({ value }) => value === target)?.label ?? ''
    const dataset =
      target === NEW ? { name: t(kind === 'preference' ? 'newName' : 'example') } : { id: target, name }
    keep.mutate({ line, dataset, row: moves ? heldOut : null })
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!reason && !keep.isPending) save()
  }

  return (
    <Dialog
      width="lg"
      title={t(kind)}
      description={t(kind === 'example' ? 'exampleHint' : 'preferenceHint')}
      open
      onOpenChange={(open) => !open && onClose()}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button
            variant="primary"
            type="submit"
            form={form}
            busy={keep.isPending}
            busyLabel={t('saving')}
            disabled={reason !== undefined}
            reason={reason}
          >
            {t(heldOut && !moves ? 'saveAnyway' : 'save')}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} noValidate className="grid gap-4">
        {keep.error && <Failure error={keep.error} />}
        <Field label={t(kind === 'example' ? 'which' : 'better')}>
          <Select
            value={draft.place}
            options={sides}
            onValueChange={(place) => change({ place, answer: textAt(Number(place)) })}
          />
        </Field>
        <Field label={t('answer')} hideLabel>
          <Textarea
            value={draft.answer}
            onValueChange={(answer) => change({ answer })}
            className="max-h-60"
          />
        </Field>
        {kind === 'preference' && (
          <>
            <Field label={t('worse')}>
              <Select
                value={draft.other}
                options={sides}
                onValueChange={(other) => change({ other, worse: textAt(Number(other)) })}
              />
            </Field>
            <Field label={t('worse')} hideLabel>
              <Textarea
                value={draft.worse}
                onValueChange={(worse) => change({ worse })}
                className="max-h-60"
              />
            </Field>
          </>
        )}
        <Field label={t('dataset')}>
          <Select value={target} options={options} onValueChange={(next) => change({ target: next })} />
        </Field>
        {heldOut && (
          <HeldOutChoice
            number={heldOut.number}
            locked={locked}
            move={moves}
            onMove={(move) => change({ move })}
          />
        )}
      </form>
    </Dialog>
  )
}
