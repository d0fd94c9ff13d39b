'use client'
import { memo } from 'react'
import type { BulkChange, DatasetView } from '#lib/datasets/schema.ts'
import { EstimateDialog } from '../estimate/estimate-dialog.tsx'
import { ChangeDialog } from '../issues/change-dialog.tsx'
import { ReplaceDialog } from '../issues/replace-dialog.tsx'
import { SplitDialog } from '../issues/split-dialog.tsx'
import { SystemDialog } from '../issues/system-dialog.tsx'
import type { EditorDialog } from './editor-header.tsx'

interface BulkChangesProps {
  view: DatasetView
  asked: EditorDialog | null
  change: BulkChange | null
  /** Ids of the selected rows. */
  chosen: ReadonlySet<string>
  /** The words that the list is searched for. */
  words: string
  onAsk: (what: EditorDialog | null) => void
  onChange: (change: BulkChange | null) => void
  onDone: () => Promise<void>
}

/** The requested change of the whole dataset, and its review before it is applied. */
export const BulkChanges = memo(function BulkChanges(props: BulkChangesProps) {
  const { view, asked, change, chosen, words, onAsk, onChange, onDone } = props
  const { dataset, report } = view
  const control = (which: EditorDialog) => ({
    open: asked === which,
    onOpenChange: (open: boolean) => onAsk(open ? which : null),
  })
  const review = (next: BulkChange) => {
    onAsk(null)
    onChange(next)
  }
  return (
    <>
      <SystemDialog dataset={dataset} report={report} onChange={review} {...control('system')} />
      <SplitDialog dataset={dataset} onChange={review} {...control('split')} />
      <ReplaceDialog
        dataset={dataset}
        chosen={chosen}
        words={words}
        onChange={review}
        {...control('replace')}
      />
      <EstimateDialog dataset={dataset} {...control('estimate')} />
      {change && (
        <ChangeDialog
          datasetId={dataset.id}
          revision={dataset.revision}
          change={change}
          onClose={() => onChange(null)}
          onDone={onDone}
        />
      )}
    </>
  )
})
