'use client'
import { useTranslations } from 'use-intl'
import type { Note, ReadingReport } from '#lib/training-data/formats/plan.ts'

/** What the import did to records besides reading them, with counts. */
export function NoteLines({ notes }: Pick<ReadingReport, 'notes'>) {
  const t = useTranslations('imports.notes')
  const told = Object.entries(notes) as [Note, number][]
  if (told.length === 0) return null
  return (
    <ul aria-label={t('title')} className="grid list-disc gap-1 ps-4 text-2 text-meta">
      {told.map(([note, count]) => (
        <li key={note}>{t(note, { count })}</li>
      ))}
    </ul>
  )
}
