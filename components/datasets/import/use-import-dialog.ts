'use client'
import { useState } from 'react'
import type { Source } from './source-step.tsx'

/** Whether the import dialog is open, and the file it starts with. */
export function useImportDialog() {
  const [open, setOpen] = useState(false)
  const [file, setFile] = useState<File | null>(null)
  const [source, setSource] = useState<Source>('file')
  return {
    open,
    file,
    source,
    /** Opens the dialog at its first step. */
    show: (from: Source = 'file') => {
      setSource(from)
      setFile(null)
      setOpen(true)
    },
    /** Opens the dialog with a file, or replaces the file. */
    take: (next: File) => {
      setFile(next)
      setOpen(true)
    },
    onOpenChange: setOpen,
  }
}
