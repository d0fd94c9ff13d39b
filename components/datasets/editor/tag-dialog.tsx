'use client'
import { useState } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { Dialog } from '#components/ui/dialog.tsx'
import { Field } from '#components/ui/field.tsx'
import { Input } from '#components/ui/input.tsx'
import { useErrorWords } from '#components/ui/use-error-words.ts'
import { type DatasetReport, Tag } from '#lib/datasets/schema.ts'
import { issueWords } from '#lib/i18n/issue-words.ts'

export interface TagDialogProps {
  /** The tags in use. */
  tags: DatasetReport['tags']
  open: boolean
  onOpenChange: (open: boolean) => void
  onTag: (change: { tag?: string; untag?: string }) => void
}

/** Gives the selected rows a tag, or takes one from them. */
export function TagDialog({ tags, open, onOpenChange, onTag }: TagDialogProps) {
  const t = useTranslations('datasets.chosen')
  const words = useTranslations('datasets')
  const say = useErrorWords()
  const [name, setName] = useState('')
  const [wrong, setWrong] = useState<string>()
  const send = (how: 'tag' | 'untag') => {
    const read = Tag.safeParse(name)
    if (!read.success) return setWrong(read.error.issues.map(issueWords).map(say)[0])
    onTag({ [how]: read.data })
    setName('')
    onOpenChange(false)
  }
  return (
    <Dialog
      title={t('tagTitle')}
      open={open}
      onOpenChange={onOpenChange}
      footer={
        <>
          <Button onClick={() => onOpenChange(false)}>{words('cancel')}</Button>
          <Button onClick={() => send('untag')}>{t('removeTag')}</Button>
          <Button variant="primary" onClick={() => send('tag')}>
            {t('addTag')}
          </Button>
        </>
      }
    >
      <form
        noValidate
        className="grid gap-3"
        onSubmit={(event) => {
          event.preventDefault()
          send('tag')
        }}
      >
        <Field label={t('tagName')} hint={t('tagHint')} error={wrong}>
          <Input
            value={name}
            onValueChange={(value) => {
              setName(value)
              setWrong(undefined)
            }}
          />
        </Field>
        {tags.length > 0 && (
          <ul className="flex flex-wrap gap-1.5">
            {tags.map(({ tag }) => (
              <li key={tag}>
                <Button size="sm" onClick={() => setName(tag)}>
                  <bdi>{tag}</bdi>
                </Button>
              </li>
            ))}
          </ul>
        )}
      </form>
    </Dialog>
  )
}
