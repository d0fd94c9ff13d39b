'use client'
import { useState } from 'react'
import { lazily } from '#components/ui/lazily.tsx'
import type { Imported } from '#lib/datasets/queries.ts'
import type { Source } from './source-step.tsx'
import type { Into } from './use-import-flow.ts'

/** Loaded when a dialog opens for the first time: it reads many formats, and most visits import nothing. */
const ImportSteps = lazily(() => import('./import-steps.tsx').then((module) => module.ImportSteps))

export interface ImportDialogProps {
  /** The dataset that receives the rows; if absent, the import creates one. */
  into?: Into
  open: boolean
  onOpenChange: (open: boolean) => void
  /** A file that the user has already chosen or dropped. */
  file?: File | null
  /** If there is no file: the source to start with. */
  source?: Source
  /** Called once the rows are stored; the dialog stays open to show the result. */
  onDone?: (imported: Imported) => void
}

/** Imports rows from a file, a paste or another dataset. Its state resets each time it opens. */
export function ImportDialog(props: ImportDialogProps) {
  const { open } = props
  const [round, setRound] = useState(0)
  const [wasOpen, setWasOpen] = useState(open)
  if (open !== wasOpen) {
    setWasOpen(open)
    if (open) setRound(round + 1)
  }
  return (open || round > 0) && <ImportSteps key={round} {...props} />
}
