'use client'
import Plus from 'lucide-react/icons/plus'
import StickyNote from 'lucide-react/icons/sticky-note'
import X from 'lucide-react/icons/x'
import { type KeyboardEvent, memo, useState } from 'react'
import { useTranslations } from 'use-intl'
import { Button } from '#components/ui/button.tsx'
import { Input } from '#components/ui/input.tsx'
import { Note } from '#components/ui/note.tsx'
import { Segmented } from '#components/ui/segmented.tsx'
import { Textarea } from '#components/ui/textarea.tsx'
import { type DatasetRow, Review, Tag } from '#lib/datasets/schema.ts'
import type { Marks } from './use-row-changes.ts'

export interface RowMarksProps {
  row: Pick<DatasetRow, 'review' | 'tags' | 'note'>
  onMark: (marks: Marks) => Promise<void>
}

/**
 * The tags as they were last set here, until that is stored: a list that was asked for before may come in between, and the
 * next tag must not be added to what that says.
 */
function useTags({ row, onMark }: RowMarksProps) {
  const [unstored, setUnstored] = useState<string[] | null>(null)
  const set = async (tags: string[]) => {
    setUnstored(tags)
    await onMark({ tags })
    setUnstored((now) => (now === tags ? null : now))
  }
  return { tags: unstored ?? row.tags, set }
}

function Tags(props: RowMarksProps) {
  const t = useTranslations('datasets.marks')
  const { tags, set } = useTags(props)
  const [name, setName] = useState('')
  const add = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.nativeEvent.isComposing) return
    event.preventDefault()
    const { data: tag } = Tag.safeParse(name)
    if (!tag) return
    setName('')
    if (!tags.includes(tag)) void set([...tags, tag])
  }
  return (
    <>
      {tags.map((tag) => (
        <button
          key={tag}
          type="button"
          aria-label={t('removeTag', { tag })}
          onClick={() => set(tags.filter((other) => other !== tag))}
          className="inline-flex h-6 min-w-0 items-center gap-1 rounded border bg-surface ps-2 pe-1 text-2 text-meta hover:bg-hover"
        >
          <bdi className="truncate">{tag}</bdi>
          <X size={12} aria-hidden className="shrink-0 text-3" />
        </button>
      ))}
      <Input
        size="sm"
        aria-label={t('addTag')}
        placeholder={t('addTag')}
        maxLength={40}
        value={name}
        onValueChange={setName}
        onKeyDown={add}
        className="w-28"
        leading={<Plus size={12} aria-hidden />}
      />
    </>
  )
}

/** The note is stored when the field is left. */
function NoteField({ row, onMark }: RowMarksProps) {
  const t = useTranslations('datasets.marks')
  const stored = row.note ?? ''
  const [text, setText] = useState(stored)
  return (
    <Textarea
      aria-label={t('note')}
      placeholder={t('noteHint')}
      autoFocus={stored === ''}
      maxLength={2_000}
      value={text}
      onValueChange={setText}
      onBlur={() => text.trim() !== stored && onMark({ note: text.trim() })}
      className="max-h-40"
    />
  )
}

/** What people have noted beside a row: its state, its tags and a note. None of it is sent. */
export const RowMarks = memo(function RowMarks({ row, onMark }: RowMarksProps) {
  const t = useTranslations('datasets.marks')
  const [noting, setNoting] = useState(false)
  const isNoted = noting || Boolean(row.note)
  return (
    <section aria-label={t('label')} className="grid gap-2 border-b px-(--gutter) py-1.5">
      <div className="flex flex-wrap items-center gap-1.5">
        <Segmented
          label={t('state')}
          value={row.review}
          onValueChange={(review) => onMark({ review })}
          options={Review.options.map((value) => ({ value, label: t(value) }))}
        />
        <Tags row={row} onMark={onMark} />
        {!isNoted && (
          <Button
            size="sm"
            variant="ghost"
            icon={<StickyNote size={14} aria-hidden />}
            onClick={() => setNoting(true)}
          >
            {t('addNote')}
          </Button>
        )}
      </div>
      {row.review === 'rejected' && (
        <Note tone="warn" live>
          {t('rejectedMeans')}
        </Note>
      )}
      {isNoted && <NoteField key={row.note} row={row} onMark={onMark} />}
    </section>
  )
})
