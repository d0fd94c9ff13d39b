'use client'
import { useState } from 'react'
import type { Source } from './source-step.tsx'

/** Whether the import dialog is open, and the file it begins with. */
export function useImportDialog() {
  const [open, setOpen] = useState(false)
  const [file, setFile] = useState<File | null>(null)
  const [source, setSource] = useState<Source>('file')
  return {
    open,
    file,
    source,
    /** Opens it at its first step. */
    show: (from: Source = 'file') => {
      setSource(from)
      setFile(null)
      setOpen(true)
    },
    /** Opens it with a file, or gives it another one. */
    take: (next: File) => {
      setFile(next)
      setOpen(true)
    },
    onOpenChange: setOpen,
  }
}
