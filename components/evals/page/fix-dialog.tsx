'use client'
import { useMutation } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { type FormEvent, type KeyboardEvent, useId, useState } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import { Failure } from '#components/ui/failure.tsx'
import { Field } from '#components/ui/field.tsx'
import { Kbd } from '#components/ui/kbd.tsx'
import { Select } from '#components/ui/select.tsx'
import { Textarea } from '#components/ui/textarea.tsx'
import { useToast } from '#components/ui/toast.tsx'
import { fixAnswerMutation } from '#lib/evals/queries.ts'
import type { EvalPage, EvalRow } from '#lib/evals/schema.ts'

/** Initial texts for a correction. */
function useBeginnings({ cells, expected, fix }: EvalRow, names: readonly string[]) {
  const t = useTranslations('evals.page.fixDialog')
  return [
    ...(fix ? [{ value: 'fix', label: t('earlier'), text: fix.answer }] : []),
    ...(expected ? [{ value: 'expected', label: t('expected'), text: expected }] : []),
    ...cells
      .toReversed()
      .flatMap(({ column, text }) =>
        text ? [{ value: String(column), label: names[column] ?? '', text }] : [],
      ),
  ]
}

function useSave(page: EvalPage, row: EvalRow, onSaved: () => void) {
  const t = useTranslations('evals.page.fixDialog')
  const router = useRouter()
  const toast = useToast()
  return useMutation({
    ...fixAnswerMutation(page),
    onSuccess: ({ writtenKey, fixes }) => {
      toast({
        text: t('saved', { number: row.number, dataset: fixes.datasetName }),
        action: {
          label: t('open'),
          onPress: () => router.push(`/datasets/${page.datasetId}?row=${writtenKey}`),
        },
      })
      onSaved()
    },
  })
}

interface FixDialogProps {
  page: EvalPage
  row: EvalRow
  names: readonly string[]
  onClose: () => void
}

/** The correct answer, saved as a training row in the next version. */
export function FixDialog({ page, row, names, onClose }: FixDialogProps) {
  const t = useTranslations('evals.page.fixDialog')
  const form = useId()
  const beginnings = useBeginnings(row, names)
  const [from, setFrom] = useState(beginnings[0]?.value ?? null)
  const [answer, setAnswer] = useState(beginnings[0]?.text ?? '')
  const [reason, setReason] = useState(row.fix?.reason ?? '')
  const { mutate, error, isPending } = useSave(page, row, onClose)
  const blank = answer.trim() === ''
  const save = () => !blank && !isPending && mutate({ rowKey: row.key, answer, reason })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    save()
  }
  const press = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || !(event.metaKey || event.ctrlKey)) return
    event.preventDefault()
    save()
  }
  return (
    <Dialog
      width="lg"
      title={t('title', { number: row.number })}
      description={t(page.split, { dataset: page.datasetName })}
      open
      onOpenChange={(open) => !open && onClose()}
      footer={
        <>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button
            variant="primary"
            type="submit"
            form={form}
            busy={isPending}
            busyLabel={t('saving')}
            disabled={blank}
            reason={t('empty')}
          >
            <span className="inline-flex items-center gap-2">
              {t('save')}
              <Kbd>mod+↵</Kbd>
            </span>
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} onKeyDown={press} noValidate className="grid gap-4">
        {error && <Failure error={error} />}
        <Field label={t('answer')}>
          <Textarea value={answer} onValueChange={setAnswer} rows={3} className="max-h-60" />
        </Field>
        {beginnings.length > 1 && (
          <Field label={t('from')}>
            <Select
              value={from}
              options={beginnings}
              onValueChange={(value) => {
                setFrom(value)
                setAnswer(beginnings.find((one) => one.value === value)?.text ?? '')
              }}
            />
          </Field>
        )}
        <Field label={t('reason')} optional>
          <Textarea
            value={reason}
            onValueChange={setReason}
            placeholder={t('reasonPlaceholder')}
            className="max-h-32"
          />
        </Field>
      </form>
    </Dialog>
  )
}
